import Foundation

/// A pull reader over UTF-8 JSON (RFC 8259) that builds nothing that is not asked for.
///
/// The bytes must outlive the reader: use it inside `withUnsafeBytes`-like scopes (see ``JSONReader/read(_:_:)``).
/// Reading is one pass; nesting is bounded at ``JSONReader/maximumDepth``; every access is bounds-checked.
///
/// The loops over members and elements are inlined into the room that reads (`@inlinable`), so that its closures are no calls; what
/// scans bytes stays here and takes and returns offsets, which the compiler can keep in registers.
package struct JSONReader {
    /// Deeper documents are refused, so that hostile input cannot exhaust the stack.
    package static let maximumDepth = 256

    @usableFromInline let base: UnsafePointer<UInt8>
    @usableFromInline let end: Int
    package internal(set) var offset = 0
    var depth = 0
    /// What the room that reads wants to have at hand while it reads.
    package var context: AnyObject?

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

    package mutating func expectEnd() throws(JSONError) {
        if peek() != nil { throw JSONError(offset, "more follows after the value") }
    }

    package func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    /// Whether the document says the same at two places of one length.
    package func areEqual(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        a.count == b.count && memcmp(base + a.lowerBound, base + b.lowerBound, a.count) == 0
    }

    // MARK: What comes next

    /// The kind of the next value, without consuming it.
    package enum Kind: Sendable { case null, bool, number, string, array, object }

    package mutating func kind() throws(JSONError) -> Kind {
        switch peek() {
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "-"), .some(0x30...0x39): return .number
        default: throw JSONReader.noValue(peek(), at: offset)
        }
    }

    static func noValue(_ byte: UInt8?, at offset: Int) -> JSONError {
        guard let byte else { return JSONError(offset, "the document ends where a value was expected") }
        return JSONError(offset, "unexpected byte 0x\(String(byte, radix: 16))")
    }

    /// Whether the next byte that is not white space is this one: the quick way to ask for strings, objects and arrays.
    @inlinable
    package mutating func isNext(_ byte: UInt8) -> Bool {
        if offset < end, base[offset] == byte { return true }
        return peek() == byte
    }

    @usableFromInline
    mutating func peek() -> UInt8? {
        offset = afterSpace(offset)
        return offset < end ? base[offset] : nil
    }

    @inline(__always)
    func afterSpace(_ start: Int) -> Int {
        var i = start
        while i < end, base[i] <= 0x20, base[i] == 0x20 || base[i] == 0x0A || base[i] == 0x0D || base[i] == 0x09 { i += 1 }
        return i
    }

    // MARK: Objects and arrays

    /// Calls `body` with the raw bytes of each key; `body` must consume the value (``skip()`` if nothing else).
    @inlinable @inline(__always)
    package mutating func object(
        _ body: (inout JSONReader, UnsafeBufferPointer<UInt8>) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try open(UInt8(ascii: "{"), UInt8(ascii: "}")) else { return }
        repeat { try body(&self, try key()) } while try goesOn(UInt8(ascii: "}"))
    }

    /// Calls `body` once for each element; `body` must consume it.
    @inlinable @inline(__always)
    package mutating func array(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        guard try open(UInt8(ascii: "["), UInt8(ascii: "]")) else { return }
        repeat { try body(&self) } while try goesOn(UInt8(ascii: "]"))
    }

    /// Moves into an object or array; false when it is empty and has been left again.
    @usableFromInline
    mutating func open(_ opening: UInt8, _ closing: UInt8) throws(JSONError) -> Bool {
        guard peek() == opening else { throw JSONReader.expected(opening, at: offset) }
        offset += 1
        if peek() == closing { offset += 1; return false }
        depth += 1
        if depth > JSONReader.maximumDepth { throw JSONError(offset, "nested deeper than \(JSONReader.maximumDepth)") }
        return true
    }

    /// Moves past a comma, or out of the object or array and then answers false.
    @usableFromInline
    mutating func goesOn(_ closing: UInt8) throws(JSONError) -> Bool {
        let i = afterSpace(offset)
        let byte = i < end ? base[i] : 0
        guard byte == UInt8(ascii: ",") || byte == closing else { throw JSONReader.expected(closing, at: i) }
        offset = i + 1
        if byte == closing { depth -= 1 }
        return byte != closing
    }

    /// Moves past a key and its colon and returns the key's raw bytes.
    @usableFromInline
    mutating func key() throws(JSONError) -> UnsafeBufferPointer<UInt8> {
        let start = afterSpace(offset)
        guard start < end, base[start] == UInt8(ascii: "\"") else { throw JSONError(start, "expected a key") }
        let next = try afterString(start).next
        offset = try afterColon(next)
        return bytes(start + 1..<next - 1)
    }

    @inline(__always)
    func afterColon(_ start: Int) throws(JSONError) -> Int {
        let i = afterSpace(start)
        guard i < end, base[i] == UInt8(ascii: ":") else { throw JSONReader.expected(UInt8(ascii: ":"), at: i) }
        return i + 1
    }

    static func expected(_ byte: UInt8, at offset: Int) -> JSONError {
        JSONError(offset, "expected '\(Character(UnicodeScalar(byte)))'")
    }
}

/// Lets `switch` compare a key's bytes with a literal: `case "phase":`. Length and bytes of the literal are constants where it stands, so
/// that nearly every comparison is one of lengths, and the rest are of words.
@inlinable @inline(__always)
package func ~= (pattern: StaticString, key: UnsafeBufferPointer<UInt8>) -> Bool {
    let count = pattern.utf8CodeUnitCount
    guard key.count == count, let bytes = UnsafeRawPointer(key.baseAddress) else { return false }
    let wanted = UnsafeRawPointer(pattern.utf8Start)
    var i = 0
    while i + 8 <= count {
        if bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self) != wanted.loadUnaligned(fromByteOffset: i, as: UInt64.self) {
            return false
        }
        i += 8
    }
    while i < count {
        if bytes.load(fromByteOffset: i, as: UInt8.self) != wanted.load(fromByteOffset: i, as: UInt8.self) { return false }
        i += 1
    }
    return true
}
