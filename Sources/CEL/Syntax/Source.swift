/// The text of an expression, by characters of Unicode, with the lines that messages show.
struct Source: Sendable {
    let text: String
    let scalars: [Unicode.Scalar]

    init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    /// A message at a place, as cel-go prints it: line and column from 1, the line itself, and an arrow under the place.
    func report(_ message: String, at offset: Int) -> String {
        let offset = min(max(0, offset), scalars.count)
        var line = 1
        var start = 0
        for i in 0..<offset where scalars[i] == "\n" { line += 1; start = i + 1 }
        let end = scalars[start...].firstIndex(of: "\n") ?? scalars.count
        var shown = String.UnicodeScalarView()
        for scalar in scalars[start..<end] { shown.append(scalar == "\t" ? " " : scalar) }
        return "ERROR: <input>:\(line):\(offset - start + 1): \(message)\n | \(String(shown))\n | "
            + String(repeating: ".", count: offset - start) + "^"
    }
}

/// Why an expression is no program: messages with their places, in the order of the text.
package struct CompileError: Error, Sendable, Equatable {
    /// As cel-go prints it, one after the other: `ERROR: <input>:1:6: …` with the line and an arrow.
    package let description: String

    init(_ source: Source, _ issues: [(message: String, offset: Int)]) {
        description = issues.map { source.report($0.message, at: $0.offset) }.joined(separator: "\n")
    }
}
