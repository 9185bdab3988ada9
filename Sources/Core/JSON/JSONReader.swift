import Foundation

/// A pull reader over UTF-8 JSON (RFC 8259) that builds nothing that is not asked for.
///
/// The bytes must outlive the reader: use it inside `withUnsafeBytes`-like scopes (see ``JSONReader/read(_:_:)``).
/// Reading is one pass; nesting is bounded at ``JSONReader/maximumDepth``; every access is bounds-checked.
///
/// It is `public`, as nothing else in this package is, because only of what is public does the compiler inline bodies into other rooms
/// (`@inlinable`): the loops over members and elements, so that their closures are no calls, and the comparison of keys. What scans bytes stays
/// here and takes and returns offsets, which the compiler can keep in registers.
public struct JSONReader {
    /// Deeper documents are refused, so that hostile input cannot exhaust the stack.
    package static let maximumDepth = 256

    @usableFromInline let base: UnsafePointer<UInt8>
    @usableFromInline let end: Int
    /// How many bytes have been consumed.
    public internal(set) var offset = 0
    var depth = 0
    @usableFromInline var companion: (type: ObjectIdentifier, place: UnsafeMutableRawPointer)?

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

    // MARK: A companion

    /// While `body` reads, `value` is at hand for who knows its type (``companion(_:)``).
    @inlinable
    public mutating func with<Value>(
        _ value: inout Value, _ body: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        let outer = companion
        defer { companion = outer }
        try withUnsafeMutablePointer(to: &value) { (place) throws(JSONError) in
            companion = (ObjectIdentifier(Value.self), UnsafeMutableRawPointer(place))
            try body(&self)
        }
    }

    /// The value that is at hand, if there is one of this very type. As the bytes, it must not outlive the reading.
    @inlinable @inline(__always)
    public func companion<Value>(_ type: Value.Type) -> UnsafeMutablePointer<Value>? {
        guard let companion, companion.type == ObjectIdentifier(type) else { return nil }
        return companion.place.assumingMemoryBound(to: Value.self)
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
    @inlinable @inline(__always)
    public mutating func isNext(_ byte: UInt8) -> Bool {
        if offset < end, base[offset] == byte { return true }
        return isNextBehindSpace(byte)
    }

    @usableFromInline
    mutating func isNextBehindSpace(_ byte: UInt8) -> Bool { peek() == byte }

    @inline(__always)
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
    public mutating func object(
        _ body: (inout JSONReader, UnsafeBufferPointer<UInt8>) throws(JSONError) -> Void
    ) throws(JSONError) {
        var next = try firstKey()
        while let key = next {
            try body(&self, key)
            next = try nextKey()
        }
    }

    /// Calls `body` once for each element; `body` must consume it.
    @inlinable @inline(__always)
    public mutating func array(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        guard try firstElement() else { return }
        repeat { try body(&self) } while try nextElement()
    }

    /// Moves past the first key and its colon and returns the key's raw bytes; nil when the object is empty and has been left again.
    @usableFromInline
    mutating func firstKey() throws(JSONError) -> UnsafeBufferPointer<UInt8>? {
        try open(UInt8(ascii: "{"), UInt8(ascii: "}")) ? try key(at: afterSpace(offset)) : nil
    }

    /// The same for the next key; nil when there is none and the object has been left.
    @usableFromInline
    mutating func nextKey() throws(JSONError) -> UnsafeBufferPointer<UInt8>? {
        // As servers write it, without white space.
        if end &- offset >= 2, base[offset] == UInt8(ascii: ","), base[offset &+ 1] == UInt8(ascii: "\"") {
            return try key(at: offset &+ 1)
        }
        return try goesOn(UInt8(ascii: "}")) ? try key(at: afterSpace(offset)) : nil
    }

    /// Moves to the first element; false when the array is empty and has been left again.
    @usableFromInline
    mutating func firstElement() throws(JSONError) -> Bool { try open(UInt8(ascii: "["), UInt8(ascii: "]")) }

    /// Moves to the next element; false when there is none and the array has been left.
    @usableFromInline
    mutating func nextElement() throws(JSONError) -> Bool { try goesOn(UInt8(ascii: "]")) }

    @inline(__always)
    private mutating func open(_ opening: UInt8, _ closing: UInt8) throws(JSONError) -> Bool {
        guard peek() == opening else { throw JSONReader.expected(opening, at: offset) }
        offset += 1
        if peek() == closing { offset += 1; return false }
        depth += 1
        if depth > JSONReader.maximumDepth { throw JSONError(offset, "nested deeper than \(JSONReader.maximumDepth)") }
        return true
    }

    @inline(__always)
    private mutating func goesOn(_ closing: UInt8) throws(JSONError) -> Bool {
        let i = afterSpace(offset)
        let byte = i < end ? base[i] : 0
        guard byte == UInt8(ascii: ",") || byte == closing else { throw JSONReader.expected(closing, at: i) }
        offset = i + 1
        if byte == closing { depth -= 1 }
        return byte != closing
    }

    @inline(__always)
    private mutating func key(at quote: Int) throws(JSONError) -> UnsafeBufferPointer<UInt8> {
        guard quote < end, base[quote] == UInt8(ascii: "\"") else { throw JSONError(quote, "expected a key") }
        let next = try afterString(quote).next
        offset = try afterColon(next)
        return UnsafeBufferPointer(start: base + (quote &+ 1), count: next &- quote &- 2)
    }

    @inline(__always)
    func afterColon(_ start: Int) throws(JSONError) -> Int {
        if start < end, base[start] == UInt8(ascii: ":") { return start &+ 1 }
        let i = afterSpace(start)
        guard i < end, base[i] == UInt8(ascii: ":") else { throw JSONReader.expected(UInt8(ascii: ":"), at: i) }
        return i &+ 1
    }

    static func expected(_ byte: UInt8, at offset: Int) -> JSONError {
        JSONError(offset, "expected '\(Character(UnicodeScalar(byte)))'")
    }
}

/// Lets `switch` compare a key's bytes with a literal: `case "phase":`. Length and bytes of the literal are constants where it stands, so
/// that nearly every comparison is one of lengths, and the rest are of words.
@inlinable @inline(__always)
public func ~= (pattern: StaticString, key: UnsafeBufferPointer<UInt8>) -> Bool {
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
