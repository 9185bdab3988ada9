import Foundation

/// Words and numbers.
extension JSONReader {
    package mutating func bool() throws(JSONError) -> Bool {
        if isNext(UInt8(ascii: "t")) { offset = try afterWord("true", offset); return true }
        offset = try afterWord("false", offset)
        return false
    }

    package mutating func null() throws(JSONError) { offset = try afterWord("null", afterSpace(offset)) }

    func afterWord(_ word: StaticString, _ start: Int) throws(JSONError) -> Int {
        let count = word.utf8CodeUnitCount
        guard start + count <= end, memcmp(base + start, word.utf8Start, count) == 0 else {
            throw JSONError(start, "expected \(word)")
        }
        return start + count
    }

    /// The bytes of a number, checked against the grammar of RFC 8259, and whether it is a whole number without exponent.
    package mutating func rawNumber() throws(JSONError) -> (range: Range<Int>, whole: Bool) {
        let start = afterSpace(offset)
        let (next, whole) = try afterNumber(start)
        offset = next
        return (start..<next, whole)
    }

    func afterNumber(_ start: Int) throws(JSONError) -> (next: Int, whole: Bool) {
        var i = start
        var whole = true
        func isDigit() -> Bool { i < end && base[i] >= 0x30 && base[i] <= 0x39 }
        if i < end, base[i] == UInt8(ascii: "-") { i += 1 }
        guard isDigit() else { throw JSONError(start, "expected a number") }
        if base[i] == 0x30 { i += 1 } else { while isDigit() { i += 1 } }
        if isDigit() { throw JSONError(start, "a number has no leading zero") }
        if i < end, base[i] == UInt8(ascii: ".") {
            whole = false
            i += 1
            guard isDigit() else { throw JSONError(i, "expected a digit") }
            while isDigit() { i += 1 }
        }
        if i < end, base[i] | 0x20 == UInt8(ascii: "e") {
            whole = false
            i += 1
            if i < end, base[i] == UInt8(ascii: "+") || base[i] == UInt8(ascii: "-") { i += 1 }
            guard isDigit() else { throw JSONError(i, "expected a digit") }
            while isDigit() { i += 1 }
        }
        return (i, whole)
    }
}
