import Foundation

/// A pull reader over UTF-8 JSON (RFC 8259) that builds nothing that is not asked for.
///
/// The bytes must outlive the reader: use it inside `withUnsafeBytes`-like scopes (see ``JSONReader/read(_:_:)``).
/// Reading is one pass; nesting is bounded at ``JSONReader/maximumDepth``; every access is bounds-checked.
package struct JSONReader {
    /// Deeper documents are refused, so that hostile input cannot exhaust the stack.
    package static let maximumDepth = 256

    let base: UnsafePointer<UInt8>
    let end: Int
    package private(set) var offset = 0
    private var depth = 0

    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!  // never read when `end` is 0
        end = bytes.count
    }

    /// Runs `body` over a document held in an array and checks that nothing but white space follows what it consumed.
    package static func read<Value>(
        _ bytes: [UInt8], _ body: (inout JSONReader) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        let result: Result<Value, JSONError> = bytes.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer)
            do throws(JSONError) {
                let value = try body(&reader)
                try reader.expectEnd()
                return .success(value)
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// The kind of the next value, without consuming it.
    package enum Kind: Sendable { case null, bool, number, string, array, object }

    package mutating func kind() throws(JSONError) -> Kind {
        switch peek() {
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "-"): return .number
        case .none: throw JSONError(offset, "the document ends where a value was expected")
        case .some(0x30...0x39): return .number
        case .some(let byte): throw JSONError(offset, "unexpected byte 0x\(String(byte, radix: 16))")
        }
    }

    private mutating func space() {
        while offset < end {
            let byte = base[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            offset += 1
        }
    }

    private mutating func peek() -> UInt8? {
        space()
        return offset < end ? base[offset] : nil
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard peek() == byte else { throw JSONError(offset, "expected '\(Character(UnicodeScalar(byte)))'") }
        offset += 1
    }

    package mutating func expectEnd() throws(JSONError) {
        if peek() != nil { throw JSONError(offset, "more follows after the value") }
    }

    /// Moves past a string, eight bytes at a time, and returns where its raw bytes are and whether it holds an escape.
    package mutating func rawString() throws(JSONError) -> (range: Range<Int>, escaped: Bool) {
        try expect(0x22)
        let start = offset
        var escaped = false
        while true {
            if offset + 8 <= end {
                let w = UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self)
                let q = w ^ 0x2222_2222_2222_2222
                let b = w ^ 0x5C5C_5C5C_5C5C_5C5C
                let ones: UInt64 = 0x0101_0101_0101_0101
                let control = (w &- 0x2020_2020_2020_2020) & ~w
                let hit = ((q &- ones) & ~q | (b &- ones) & ~b | control) & 0x8080_8080_8080_8080
                if hit == 0 { offset += 8; continue }
                offset += hit.trailingZeroBitCount >> 3
            }
            guard offset < end else { throw JSONError(start - 1, "unterminated string") }
            let byte = base[offset]
            if byte == 0x22 {
                defer { offset += 1 }
                return (start..<offset, escaped)
            }
            if byte == 0x5C {
                escaped = true
                guard offset + 1 < end else { throw JSONError(start - 1, "unterminated string") }
                offset += 2
            } else if byte < 0x20 {
                throw JSONError(offset, "a control character in a string must be escaped")
            } else {
                offset += 1
            }
        }
    }

    package func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    /// A string with its escapes resolved. Invalid UTF-8 becomes U+FFFD.
    package mutating func string() throws(JSONError) -> String {
        let (range, escaped) = try rawString()
        let raw = bytes(range)
        return escaped ? try JSONReader.unescape(raw, at: range.lowerBound) : String(decoding: raw, as: UTF8.self)
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

    /// Calls `body` with the raw bytes of each key; `body` must consume the value (``skip()`` if nothing else).
    package mutating func object(
        _ body: (inout JSONReader, UnsafeBufferPointer<UInt8>) throws(JSONError) -> Void
    ) throws(JSONError) {
        try expect(0x7B)
        try enter()
        if peek() == 0x7D { offset += 1; depth -= 1; return }
        while true {
            guard peek() == 0x22 else { throw JSONError(offset, "expected a key") }
            let (key, _) = try rawString()
            try expect(0x3A)
            try body(&self, bytes(key))
            if peek() == 0x2C { offset += 1 } else { try expect(0x7D); depth -= 1; return }
        }
    }

    /// Calls `body` once for each element; `body` must consume it.
    package mutating func array(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        try expect(0x5B)
        try enter()
        if peek() == 0x5D { offset += 1; depth -= 1; return }
        while true {
            try body(&self)
            if peek() == 0x2C { offset += 1 } else { try expect(0x5D); depth -= 1; return }
        }
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        if depth > JSONReader.maximumDepth { throw JSONError(offset, "nested deeper than \(JSONReader.maximumDepth)") }
    }

    package mutating func bool() throws(JSONError) -> Bool {
        if peek() == UInt8(ascii: "t") { try literal("true"); return true }
        try literal("false")
        return false
    }

    package mutating func null() throws(JSONError) { _ = peek(); try literal("null") }

    private mutating func literal(_ word: StaticString) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        guard offset + count <= end, memcmp(base + offset, word.utf8Start, count) == 0 else {
            throw JSONError(offset, "expected \(word)")
        }
        offset += count
    }

    /// The bytes of a number, checked against the grammar of RFC 8259, and whether it is a whole number without exponent.
    package mutating func rawNumber() throws(JSONError) -> (range: Range<Int>, whole: Bool) {
        _ = peek()
        let start = offset
        var whole = true
        func digit(_ at: Int) -> Bool { at < end && base[at] >= 0x30 && base[at] <= 0x39 }
        if offset < end, base[offset] == UInt8(ascii: "-") { offset += 1 }
        guard digit(offset) else { throw JSONError(start, "expected a number") }
        if base[offset] == 0x30 { offset += 1 } else { while digit(offset) { offset += 1 } }
        if digit(offset) { throw JSONError(start, "a number has no leading zero") }
        if offset < end, base[offset] == UInt8(ascii: ".") {
            whole = false
            offset += 1
            guard digit(offset) else { throw JSONError(offset, "expected a digit") }
            while digit(offset) { offset += 1 }
        }
        if offset < end, base[offset] | 0x20 == UInt8(ascii: "e") {
            whole = false
            offset += 1
            if offset < end, base[offset] == UInt8(ascii: "+") || base[offset] == UInt8(ascii: "-") { offset += 1 }
            guard digit(offset) else { throw JSONError(offset, "expected a digit") }
            while digit(offset) { offset += 1 }
        }
        return (start..<offset, whole)
    }

    /// A whole number that fits 64 bits, or a double.
    package mutating func number() throws(JSONError) -> JSON {
        let (range, whole) = try rawNumber()
        if whole {
            let negative = base[range.lowerBound] == UInt8(ascii: "-")
            var value: Int64 = 0
            var fits = true
            for i in (negative ? range.dropFirst() : range[...]) {
                let digit = Int64(base[i] - 0x30)
                let (times, o1) = value.multipliedReportingOverflow(by: 10)
                let (sum, o2) = negative ? times.subtractingReportingOverflow(digit) : times.addingReportingOverflow(digit)
                if o1 || o2 { fits = false; break }
                value = sum
            }
            if fits { return .integer(value) }
        }
        let text = String(decoding: bytes(range), as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONError(range.lowerBound, "the number \(text.prefix(40)) is too large")
        }
        return .number(value)
    }

    /// Moves past one value of any kind.
    package mutating func skip() throws(JSONError) {
        switch try kind() {
        case .null: try null()
        case .bool: _ = try bool()
        case .number: _ = try rawNumber()
        case .string: _ = try rawString()
        case .array: try array { (r) throws(JSONError) in try r.skip() }
        case .object: try object { (r, _) throws(JSONError) in try r.skip() }
        }
    }

    /// Moves past one value and returns where its bytes are.
    package mutating func rawValue() throws(JSONError) -> Range<Int> {
        _ = peek()
        let start = offset
        try skip()
        return start..<offset
    }

    /// One value as a tree.
    package mutating func value() throws(JSONError) -> JSON {
        switch try kind() {
        case .null: try null(); return .null
        case .bool: return .bool(try bool())
        case .number: return try number()
        case .string: return .string(try string())
        case .array:
            var elements: [JSON] = []
            try array { (r) throws(JSONError) in elements.append(try r.value()) }
            return .array(elements)
        case .object:
            var members: JSONObject = [:]
            try object { (r, key) throws(JSONError) in
                let name = try JSONReader.key(key, at: r.offset)
                members[name] = try r.value()
            }
            return .object(members)
        }
    }

    /// The name of a key whose raw bytes may hold escapes.
    package static func key(_ raw: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> String {
        raw.contains(0x5C) ? try unescape(raw, at: offset) : String(decoding: raw, as: UTF8.self)
    }
}

/// Lets `switch` compare a key's bytes with a literal: `case "phase":`.
package func ~= (pattern: StaticString, key: UnsafeBufferPointer<UInt8>) -> Bool {
    key.count == pattern.utf8CodeUnitCount && (key.count == 0 || memcmp(key.baseAddress!, pattern.utf8Start, key.count) == 0)
}
