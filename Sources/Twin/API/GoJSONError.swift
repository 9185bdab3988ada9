import Core

/// Why bytes are not JSON, in the words of Go's `encoding/json`, which the API server hands on.
struct GoJSONError {
    private let bytes: [UInt8]
    private var at = 0
    /// The brackets that are open. Go refuses more than its limit.
    private var nesting: [UInt8] = []
    private static let deepest = 10_000

    /// nil for what is JSON.
    static func text(_ bytes: [UInt8]) -> String? {
        var scanner = GoJSONError(bytes: bytes)
        do {
            try scanner.value("looking for beginning of value")
            scanner.space()
            if scanner.at < bytes.count { return scanner.invalid("after top-level value").text }
            return nil
        } catch { return error.text }
    }

    private struct Refusal: Error { let text: String }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    private func invalid(_ place: String) -> Refusal {
        guard let byte = next else { return Refusal(text: "unexpected end of JSON input") }
        let shown =
            switch byte {
            case UInt8(ascii: "'"): "'\\''"
            case UInt8(ascii: "\""): "'\"'"
            case 0x0A: "'\\n'"
            case 0x0D: "'\\r'"
            case 0x09: "'\\t'"
            default: "'\(String(decoding: [byte], as: UTF8.self))'"
            }
        return Refusal(text: "invalid character \(shown) \(place)")
    }

    /// One value with all that is in it. Without recursion: the document may be as deep as a stranger likes.
    private mutating func value(_ place: String) throws(Refusal) {
        repeat {
            space()
            switch next {
            case UInt8(ascii: "{"):
                try open()
                if next == UInt8(ascii: "}") { close() } else { try key(); continue }
            case UInt8(ascii: "["):
                try open()
                if next == UInt8(ascii: "]") { close() } else { continue }
            default: try scalar(place)
            }
            try rest()
        } while !nesting.isEmpty
    }

    private mutating func open() throws(Refusal) {
        if nesting.count == GoJSONError.deepest { throw invalid("exceeded max depth") }
        nesting.append(bytes[at])
        at += 1
        space()
    }

    private mutating func close() {
        nesting.removeLast()
        at += 1
    }

    /// What follows a value: the end of what holds it, or the next one.
    private mutating func rest() throws(Refusal) {
        while let holder = nesting.last {
            space()
            let isObject = holder == UInt8(ascii: "{")
            switch next {
            case UInt8(ascii: ","):
                at += 1
                if isObject { try key() }
                return
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject: close()
            default: throw invalid(isObject ? "after object key:value pair" : "after array element")
            }
        }
    }

    private mutating func key() throws(Refusal) {
        space()
        guard next == UInt8(ascii: "\"") else { throw invalid("looking for beginning of object key string") }
        try string()
        space()
        guard next == UInt8(ascii: ":") else { throw invalid("after object key") }
        at += 1
    }

    private mutating func scalar(_ place: String) throws(Refusal) {
        switch next {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case .some(let byte) where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte): try number()
        default: throw invalid(place)
        }
    }

    private mutating func string() throws(Refusal) {
        at += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""): at += 1; return
            case UInt8(ascii: "\\"): at += 2
            case 0..<0x20: throw invalid("in string literal")
            default: at += 1
            }
        }
        throw invalid("in string literal")
    }

    private mutating func word(_ text: String) throws(Refusal) {
        for (i, byte) in text.utf8.enumerated() {
            guard next == byte else {
                let letter = text.utf8.dropFirst(i).first.map { String(decoding: [$0], as: UTF8.self) } ?? ""
                throw invalid(i == 0 ? "looking for beginning of value" : "in literal \(text) (expecting '\(letter)')")
            }
            at += 1
        }
    }

    private mutating func number() throws(Refusal) {
        if next == UInt8(ascii: "-") { at += 1 }
        guard let first = next, (0x30...0x39).contains(first) else { throw invalid("in numeric literal") }
        if first == 0x30 { at += 1 } else { skipDigits() }
        if next == UInt8(ascii: ".") {
            at += 1
            guard let byte = next, (0x30...0x39).contains(byte) else { throw invalid("after decimal point in numeric literal") }
            skipDigits()
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            guard let byte = next, (0x30...0x39).contains(byte) else { throw invalid("in exponent of numeric literal") }
            skipDigits()
        }
    }

    private mutating func skipDigits() { while let byte = next, (0x30...0x39).contains(byte) { at += 1 } }
}
