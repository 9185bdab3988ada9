/// A message with places to fill, so that one text serves both for writing and for checking it against captured ones.
struct Template: Sendable, Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    /// The message, `{}` replaced in order. Places that get nothing stay empty.
    func callAsFunction(_ values: String...) -> String {
        var result = ""
        var rest = Substring(text)
        var i = 0
        while let mark = rest.firstRange(of: "{}") {
            result += rest[..<mark.lowerBound]
            if i < values.count { result += values[i] }
            i += 1
            rest = rest[mark.upperBound...]
        }
        return result + rest
    }

    /// Whether `message` is this text with something in its places.
    func matches(_ message: String) -> Bool {
        var rest = Substring(message)
        let parts = text.split(separator: "{}", omittingEmptySubsequences: false)
        for (i, part) in parts.enumerated() {
            if i == 0 {
                guard rest.hasPrefix(part) else { return false }
                rest = rest.dropFirst(part.count)
            } else if i == parts.count - 1 {
                return rest.hasSuffix(part)
            } else {
                guard let found = rest.firstRange(of: part) else { return false }
                rest = rest[found.upperBound...]
            }
        }
        return parts.count > 1 || rest.isEmpty
    }
}
