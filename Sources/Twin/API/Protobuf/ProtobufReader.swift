/// Reads the wire format of protocol buffers (protobuf.dev "Encoding"): fields in the order in which they come.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field; nil at the end. Throws for bytes that are no message.
    mutating func next() throws(ProtobufError) -> (field: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0: return (Int(truncatingIfNeeded: tag >> 3), .number(try varint()))
        case 1: return (Int(truncatingIfNeeded: tag >> 3), .number(fixed(try take(8))))
        case 2: return (Int(truncatingIfNeeded: tag >> 3), .bytes(try take(Int(clamping: try varint()))))
        case 5: return (Int(truncatingIfNeeded: tag >> 3), .number(fixed(try take(4))))
        default: throw ProtobufError("wire type \(tag & 7) is not known")
        }
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw ProtobufError("unexpected EOF") }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw ProtobufError("integer overflow")
    }

    private mutating func take(_ count: Int) throws(ProtobufError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw ProtobufError("unexpected EOF") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private func fixed(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}

struct ProtobufError: Error {
    let text: String

    init(_ text: String) { self.text = text }
}
