import Core
import Foundation
import Kubernetes

/// One recorded request to a real API server and what it answered (`*.http`: lines beginning with `# `, the request, a line
/// `=== response ===`, the answer).
struct Exchange: Sendable {
    /// The file without its extension, below the folder: `write/create-201`.
    let name: String
    /// What the lines in front say: who asked.
    let credentials: String
    let method: String
    let target: String
    /// Names in lower case.
    let requestHeaders: [String: String]
    let requestBody: [UInt8]
    /// 0 where the connection was closed without an answer.
    let status: Int
    let responseHeaders: [String: String]
    let responseBody: String
    /// When it was answered, to the second; nil where the answer does not say.
    let date: Timestamp?
    let request: TwinRequest
    /// The whole body as a document; nil for text and for streams.
    let response: JSON?
    /// The events of a watch that was let in, in order.
    let events: [JSON]
    /// The version under which the answer was given; nil when it names none.
    let version: Int64?

    private static let separator = "\n=== response ===\n"

    /// Fails for text that is no exchange.
    init?(name: String, text: String) {
        let text = text.replacing("\r\n", with: "\n")
        guard let gap = text.range(of: Exchange.separator) else { return nil }
        self.name = name
        let asked = Exchange.parts(text[..<gap.lowerBound])
        let answer = Exchange.parts(text[gap.upperBound...])
        let start = asked.lines.first { !$0.hasPrefix("# ") } ?? ""
        let words = start.split(separator: " ").map(String.init)
        guard words.count >= 3, let code = (answer.lines.first ?? "").split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            return nil
        }
        credentials = asked.lines.first { $0.hasPrefix("# credentials: ") }.map { String($0.dropFirst(15)) } ?? ""
        method = words[0]
        // A target may hold spaces that the client did not escape.
        target = words[1..<(words.count - 1)].joined(separator: " ")
        requestHeaders = Exchange.headers(asked.lines)
        requestBody = Array(asked.body.trimmingCharacters(in: .newlines).utf8)
        status = code
        responseHeaders = Exchange.headers(answer.lines)
        responseBody = answer.body
        request = TwinRequest(method, target: target, headers: requestHeaders, body: requestBody, certificateUser: nil)
        let isWatch = request.flag("watch") && code / 100 == 2
        let isYAML = responseHeaders["content-type"]?.contains("yaml") == true
        let lines = answer.body
        let document = isWatch ? nil : isYAML ? try? JSON(requestBody: Array(lines.utf8), allowsYAML: true) : try? JSON(parsing: lines)
        response = document
        events = isWatch ? lines.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) } : []
        version = (isWatch ? request["resourceVersion"] : document?[at: "metadata", "resourceVersion"]?.string).flatMap { Int64($0) }
        date = responseHeaders["date"].flatMap(Timestamp.init(httpDate:))
    }

    private static func parts(_ text: Substring) -> (lines: [String], body: String) {
        guard let gap = text.range(of: "\n\n") else { return (text.components(separatedBy: "\n"), "") }
        return (text[..<gap.lowerBound].components(separatedBy: "\n"), String(text[gap.upperBound...]))
    }

    private static func headers(_ lines: [String]) -> [String: String] {
        var out: [String: String] = [:]
        for line in lines.dropFirst() where !line.hasPrefix("# ") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].lowercased()
            let value = String(line[line.index(after: colon)...]).trimmingSpaces
            out[name] = out[name].map { $0 + ", " + value } ?? value
        }
        return out
    }

    // MARK: What it says

    var requestJSON: JSON? {
        requestBody.isEmpty
            ? nil : try? JSON(requestBody: requestBody, allowsYAML: requestHeaders["content-type"]?.contains("yaml") == true)
    }

    var isDryRun: Bool {
        request["dryRun"] == "All" || (requestJSON?["dryRun"]?.array ?? []).contains("All")
            || (requestJSON?[at: "deleteOptions", "dryRun"]?.array ?? []).contains("All")
    }

    var isWatch: Bool { request.flag("watch") && (200..<300).contains(status) }
}
