/// Strings and bytes: `"a"`, `'a'`, `"""a"""`, `r"\d"`, `b"\xff"` (cel-spec, "String and Bytes Values").
enum StringLiteral {
    /// The literal that begins at `i`, and moves behind it; nil where none begins.
    static func read(_ scalars: [Unicode.Scalar], _ i: inout Int) throws(Lexer.Problem) -> Token? {
        var at = i
        var isRaw = false
        var isBytes = false
        while at < scalars.count, at - i < 2 {
            let c = scalars[at]
            if !isRaw, c == "r" || c == "R" { isRaw = true } else if !isBytes, c == "b" || c == "B" { isBytes = true } else { break }
            at += 1
        }
        guard at < scalars.count, scalars[at] == "\"" || scalars[at] == "'" else { return nil }
        let start = i
        let quote = scalars[at]
        let isLong = at + 2 < scalars.count && scalars[at + 1] == quote && scalars[at + 2] == quote
        at += isLong ? 3 : 1
        var bytes: [UInt8] = []
        while true {
            guard at < scalars.count, isLong || scalars[at] != "\n" && scalars[at] != "\r" else {
                throw unfinished(scalars, start, at)
            }
            let c = scalars[at]
            if c == quote {
                if !isLong { at += 1; break }
                if at + 2 < scalars.count, scalars[at + 1] == quote, scalars[at + 2] == quote { at += 3; break }
            }
            if c == "\\", !isRaw {
                try escape(scalars, &at, isBytes: isBytes, into: &bytes)
            } else {
                bytes += Array(String(c).utf8)
                at += 1
                if c == "\\", isRaw, at < scalars.count, scalars[at] == quote, !isLong { bytes += Array(String(quote).utf8); at += 1 }
            }
        }
        i = at
        return isBytes ? .bytes(bytes) : .string(String(decoding: bytes, as: UTF8.self))
    }

    private static func unfinished(_ scalars: [Unicode.Scalar], _ start: Int, _ end: Int) -> Lexer.Problem {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<min(end, scalars.count)])
        return Lexer.Problem(message: "Syntax error: token recognition error at: '\(String(text))'", offset: start)
    }

    private static let simple: [Unicode.Scalar: UInt8] = [
        "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, "\"": 34, "`": 96, "?": 63,
    ]

    private static func escape(
        _ scalars: [Unicode.Scalar], _ at: inout Int, isBytes: Bool, into bytes: inout [UInt8]
    ) throws(Lexer.Problem) {
        let start = at
        guard at + 1 < scalars.count else { throw unfinished(scalars, start, at + 1) }
        let c = scalars[at + 1]
        at += 2
        if let byte = simple[c] { bytes.append(byte); return }
        let digits: Int
        let radix: Int
        switch c {
        case "x", "X": (digits, radix) = (2, 16)
        case "u" where !isBytes: (digits, radix) = (4, 16)
        case "U" where !isBytes: (digits, radix) = (8, 16)
        case "0", "1", "2", "3": (digits, radix, at) = (3, 8, at - 1)
        default: throw Lexer.Problem(message: "Syntax error: token recognition error at: '\\\(c)'", offset: start)
        }
        guard at + digits <= scalars.count, let code = UInt32(scalars[at..<at + digits].map { String($0) }.joined(), radix: radix) else {
            throw Lexer.Problem(message: "Syntax error: token recognition error at: '\\\(c)'", offset: start)
        }
        at += digits
        if isBytes { bytes.append(UInt8(truncatingIfNeeded: code)); return }
        guard let scalar = Unicode.Scalar(code) else { throw Lexer.Problem(message: "invalid unicode code point", offset: start) }
        bytes += Array(String(scalar).utf8)
    }
}
