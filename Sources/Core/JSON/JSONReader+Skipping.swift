/// Moving past values that nobody asks for: what most of a list consists of.
extension JSONReader {
    /// Moves past one value of any kind, checked against the grammar. It does not recurse: the containers it is in are bits.
    package mutating func skip() throws(JSONError) {
        var i = offset
        var inside = Nesting()
        value: while true {
            i = afterSpace(i)
            guard i < end else { throw JSONReader.noValue(nil, at: i) }
            switch base[i] {
            case UInt8(ascii: "\""): i = try afterString(i).next
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = base[i] == UInt8(ascii: "{")
                i = afterSpace(i + 1)
                if i < end, base[i] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { i += 1; break }
                guard depth + inside.depth < JSONReader.maximumDepth else {
                    throw JSONError(i, "nested deeper than \(JSONReader.maximumDepth)")
                }
                inside.enter(isObject: isObject)
                if isObject { i = try afterKey(i) }
                continue value
            case UInt8(ascii: "t"): i = try afterWord("true", i)
            case UInt8(ascii: "f"): i = try afterWord("false", i)
            case UInt8(ascii: "n"): i = try afterWord("null", i)
            case UInt8(ascii: "-"), 0x30...0x39: i = try afterNumber(i).next
            default: throw JSONReader.noValue(base[i], at: i)
            }
            // A value has ended, and perhaps what it was in.
            while inside.depth > 0 {
                i = afterSpace(i)
                let byte = i < end ? base[i] : 0
                if byte == UInt8(ascii: ",") {
                    i += 1
                    if inside.isObject { i = try afterKey(i) }
                    continue value
                }
                let closing = inside.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
                guard byte == closing else { throw JSONReader.expected(closing, at: i) }
                i += 1
                inside.leave()
            }
            offset = i
            return
        }
    }

    /// Moves past one value and returns where its bytes are.
    package mutating func rawValue() throws(JSONError) -> Range<Int> {
        _ = peek()
        let start = offset
        try skip()
        return start..<offset
    }

    @inline(__always)
    private func afterKey(_ start: Int) throws(JSONError) -> Int {
        let i = afterSpace(start)
        guard i < end, base[i] == UInt8(ascii: "\"") else { throw JSONError(i, "expected a key") }
        return try afterColon(try afterString(i).next)
    }

    /// Which of the containers around a value are objects: one bit a level, the innermost lowest, for up to ``maximumDepth`` levels.
    private struct Nesting {
        private(set) var depth = 0
        private var bits: UInt64 = 0
        /// What was pushed out of `bits`, the latest first.
        private var outer: (UInt64, UInt64, UInt64) = (0, 0, 0)

        var isObject: Bool { bits & 1 == 1 }

        mutating func enter(isObject: Bool) {
            if depth > 0, depth % 64 == 0 { outer = (bits, outer.0, outer.1) }
            bits = bits << 1 | (isObject ? 1 : 0)
            depth += 1
        }

        mutating func leave() {
            depth -= 1
            bits >>= 1
            if depth > 0, depth % 64 == 0 { (bits, outer) = (outer.0, (outer.1, outer.2, 0)) }
        }
    }
}
