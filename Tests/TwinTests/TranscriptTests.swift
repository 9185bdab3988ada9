import Core
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// Answers of a real API server (v1.36.2) against those of the twin, where the shared captures are at hand.
@Suite struct TranscriptTests {
    struct Exchange {
        var method: String
        var target: String
        var headers: [String: String] = [:]
        var body: [UInt8]
        var status: Int
        var answer: JSON?

        init?(_ text: String) {
            let halves = text.components(separatedBy: "\n=== response ===\n")
            guard halves.count == 2 else { return nil }
            func parts(_ half: String) -> (lines: [String], body: String) {
                let clean = half.replacingOccurrences(of: "\r\n", with: "\n")
                guard let gap = clean.range(of: "\n\n") else { return (clean.components(separatedBy: "\n"), "") }
                return (clean[..<gap.lowerBound].components(separatedBy: "\n"), String(clean[gap.upperBound...]))
            }
            let (lines, request) = parts(halves[0])
            let (head, response) = parts(halves[1])
            guard let start = lines.first(where: { !$0.hasPrefix("# ") }) else { return nil }
            let words = start.split(separator: " ").map(String.init)
            let code = (head.first ?? "").split(separator: " ").dropFirst().first.flatMap { Int($0) }
            guard words.count >= 2, let code else { return nil }
            (method, target, status) = (words[0], words[1], code)
            for line in lines where !line.hasPrefix("# ") {
                guard line != start, let colon = line.firstIndex(of: ":") else { continue }
                headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            }
            body = Array(request.trimmingCharacters(in: .whitespacesAndNewlines).utf8)
            answer = try? JSON(parsing: response.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    /// The folder of the captures; nil where there are none.
    static let folder: URL? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let shared = ProcessInfo.processInfo.environment["MARTLET_SHARED"].map { URL(filePath: $0) } ?? root.appending(path: "../shared")
        let api = shared.appending(path: "k8s-golden/api")
        return FileManager.default.fileExists(atPath: api.path) ? api : nil
    }()

    static func exchange(_ name: String) throws -> Exchange? {
        guard let folder else { return nil }
        let text = String(decoding: try Data(contentsOf: folder.appending(path: "\(name).http")), as: UTF8.self)
        return Exchange(text)
    }

    @Test(arguments: [
        "discovery/api-v1", "discovery/apis-apps-v1", "discovery/aggregated-api", "discovery/aggregated-apis", "metrics/resource-list",
    ])
    func discovery(_ name: String) async throws {
        guard let exchange = try Self.exchange(name) else { print("\(name): not run, no captures"); return }
        let answer = await APIClient().send(exchange.method, exchange.target, headers: exchange.headers)
        #expect(answer.status == exchange.status)
        #expect(answer.json == exchange.answer)
    }

    /// Refusals whose whole Status must be the same; the objects that they speak of are made first.
    @Test(arguments: [
        "read/get-404", "read/404-unknown-resource", "read/get-404-namespace", "read/list-label-bad", "read/list-bad-continue",
        "write/create-409-exists", "write/create-dryrun-409", "write/update-404", "write/create-415", "write/create-400-kind",
        "write/create-422-name", "write/create-422-deployment", "write/create-422-missing-fields", "write/create-422-cron",
        "write/create-422-timezone", "write/create-strict-400", "patch/415", "patch/json-bad", "patch/json-missing-path",
        "patch/json-test-failed", "patch/merge-404", "patch/merge-rv-409", "patch/422-invalid-value", "apply/no-manager-422",
        "apply/managedfields-400", "apply/unknown-field-500", "delete/pod-404", "eviction/404", "scale/daemonset-404",
        "namespace/create-409",
        "lease/get-404", "lease/bad-time-400", "lease/short-time-400", "auth/401-bad-token",
    ])
    func refusal(_ name: String) async throws {
        guard let exchange = try Self.exchange(name) else { print("\(name): not run, no captures"); return }
        let client = APIClient()
        await client.send("POST", "/api/v1/namespaces", ["metadata": ["name": "api-demo"]])
        await client.send("POST", "/api/v1/namespaces/api-demo/configmaps", ["metadata": ["name": "w1"], "data": ["a": "1", "c": "x"]])
        await client.send("POST", "/apis/apps/v1/namespaces/api-demo/deployments", APIClient.deployment("web"))
        let path = exchange.target.split(separator: "?").first.map(String.init) ?? ""
        var headers = exchange.headers
        if name == "auth/401-bad-token" { headers["authorization"] = "Bearer unknown" } else { headers["authorization"] = nil }
        let answer = await client.cluster.handle(
            TwinRequest(exchange.method, target: exchange.target, headers: headers, body: exchange.body))
        let json = try JSON(parsing: answer.bytes ?? [])
        #expect(answer.status == exchange.status, "\(path)")
        #expect(json == exchange.answer, "\(json.text())")
    }
}
