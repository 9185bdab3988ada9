/// Strings: where they end, and what they say.
extension JSONReader {
    /// Moves past a string and returns where its raw bytes are and whether it holds an escape.
    package mutating func rawString() throws(JSONError) -> (range: Range<Int>, escaped: Bool) {
        guard peek() == UInt8(ascii: "\"") else { throw JSONReader.expected(UInt8(ascii: "\""), at: offset) }
        let start = offset + 1
        let (next, escaped) = try afterString(offset)
        offset = next
        return (start..<next - 1, escaped)
    }

    /// A string with its escapes resolved. Invalid UTF-8 becomes U+FFFD.
    package mutating func string() throws(JSONError) -> String {
        let (range, escaped) = try rawString()
        return try string(range, escaped: escaped)
    }

    /// The string whose raw bytes are at `range`.
    package func string(_ range: Range<Int>, escaped: Bool) throws(JSONError) -> String {
        let raw = bytes(range)
        return escaped ? try JSONReader.unescape(raw, at: range.lowerBound) : String(decoding: raw, as: UTF8.self)
    }

    /// The name of a key whose raw bytes may hold escapes.
    package static func key(_ raw: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> String {
        raw.contains(0x5C) ? try unescape(raw, at: offset) : String(decoding: raw, as: UTF8.self)
    }

    /// The offset behind the string whose opening quote is at `quote`, found sixteen bytes at a time: most strings end within the first.
    @inline(__always)
    func afterString(_ quote: Int) throws(JSONError) -> (next: Int, escaped: Bool) {
        let last = end &- 16
        var i = quote &+ 1
        var escaped = false
        while true {
            while i <= last {
                let low = stops(i), high = stops(i &+ 8)
                if low | high == 0 { i &+= 16; continue }
                i &+= low != 0 ? low.trailingZeroBitCount &>> 3 : 8 &+ high.trailingZeroBitCount &>> 3
                break
            }
            guard i < end else { throw JSONError(quote, "unterminated string") }
            let byte = base[i]
            if byte == 0x22 { return (i &+ 1, escaped) }
            if byte == 0x5C {
                escaped = true
                guard i + 1 < end else { throw JSONError(quote, "unterminated string") }
                i += 2
            } else if byte < 0x20 {
                throw JSONError(i, "a control character in a string must be escaped")
            } else {
                i += 1
            }
        }
    }

    /// The high bit of the first of the eight bytes at `i` that is a quote, a backslash or a control character, and perhaps of later ones.
    @inline(__always)
    private func stops(_ i: Int) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = UnsafeRawPointer(base + i).loadUnaligned(as: UInt64.self)
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        let control = (word &- 0x2020_2020_2020_2020) & ~word
        return ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | control) & 0x8080_8080_8080_8080
    }

    static func unescape(_ raw: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONError) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(raw.count)
        var i = 0
        func hex4(_ at: Int) throws(JSONError) -> UInt32 {
            guard at + 4 <= raw.count else { throw JSONError(start + at, "incomplete \\u escape") }
            var value: UInt32 = 0
            for k in at..<(at + 4) {
                let c = raw[k]
                let digit: UInt8
                switch c {
                case 0x30...0x39: digit = c - 0x30
                case 0x41...0x46: digit = c - 0x37
                case 0x61...0x66: digit = c - 0x57
                default: throw JSONError(start + k, "not a hexadecimal digit in \\u")
                }
                value = value << 4 | UInt32(digit)
            }
            return value
        }
        while i < raw.count {
            let c = raw[i]
            guard c == 0x5C else { out.append(c); i += 1; continue }
            guard i + 1 < raw.count else { throw JSONError(start + i, "incomplete escape") }
            let e = raw[i + 1]
            i += 2
            switch e {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(e)
            case UInt8(ascii: "b"): out.append(8)
            case UInt8(ascii: "f"): out.append(12)
            case UInt8(ascii: "n"): out.append(10)
            case UInt8(ascii: "r"): out.append(13)
            case UInt8(ascii: "t"): out.append(9)
            case UInt8(ascii: "u"):
                var scalar = try hex4(i)
                i += 4
                if (0xD800..<0xDC00).contains(scalar), i + 6 <= raw.count, raw[i] == 0x5C, raw[i + 1] == UInt8(ascii: "u") {
                    let low = try hex4(i + 2)
                    if (0xDC00..<0xE000).contains(low) {
                        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                        i += 6
                    }
                }
                out.append(contentsOf: Array(String(Character(UnicodeScalar(scalar) ?? "\u{FFFD}")).utf8))
            default: throw JSONError(start + i - 1, "unknown escape")
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
