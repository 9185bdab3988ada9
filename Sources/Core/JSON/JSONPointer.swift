/// RFC 6901: where in a document something stands.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    package var tokens: [String]

    package init(tokens: [String]) { self.tokens = tokens }

    /// Reads `/a/b~1c/0`, or the empty text for the whole document; nil for anything else.
    package init?(_ text: String) {
        if text.isEmpty { tokens = []; return }
        guard text.hasPrefix("/") else { return nil }
        tokens = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    package var description: String {
        tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    /// An index of an array: digits without leading zeros.
    static func index(_ token: String) -> Int? {
        guard token == "0" || token.utf8.first != UInt8(ascii: "0"), token.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(token)
    }
}

extension JSON {
    /// The value at a pointer; nil when there is none.
    package subscript(pointer: JSONPointer) -> JSON? {
        var value: JSON? = self
        for token in pointer.tokens {
            switch value {
            case .object(let members): value = members[token]
            case .array(let elements):
                guard let i = JSONPointer.index(token), elements.indices.contains(i) else { return nil }
                value = elements[i]
            default: return nil
            }
        }
        return value
    }
}
