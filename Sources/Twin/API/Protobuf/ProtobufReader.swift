/// Reads the wire format of protocol buffers (protobuf.dev "Encoding"): fields in the order in which they come. What is wrong is said in the
/// words of the code that gogo/protobuf generates.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case double(Double)
        case bytes(ArraySlice<UInt8>)
        /// Of a wire type that no field of Kubernetes has.
        case other(wireType: Int)

        var wireType: Int {
            switch self {
            case .number: 0
            case .double: 1
            case .bytes: 2
            case .other(let type): type
            }
        }
    }

    private var rest: ArraySlice<UInt8>
    /// Whose fields these are, for what is told of mistakes.
    private let message: String

    init(_ bytes: ArraySlice<UInt8>, of message: String) {
        rest = bytes
        self.message = message
    }

    /// The next of numbers that are packed into one field; nil at the end.
    mutating func nextNumber() throws(ProtobufError) -> UInt64? { rest.isEmpty ? nil : try varint() }

    /// The next field; nil at the end. Throws for bytes that are no message.
    mutating func next() throws(ProtobufError) -> (field: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        let field = Int(Int32(truncatingIfNeeded: tag >> 3))
        let type = Int(tag & 7)
        if type == 4 { throw ProtobufError("proto: \(message): wiretype end group for non-group") }
        guard field > 0 else { throw ProtobufError("proto: \(message): illegal tag \(field) (wire type \(type))") }
        return (field, try value(type))
    }

    private mutating func value(_ type: Int) throws(ProtobufError) -> Value {
        switch type {
        case 0: return .number(try varint())
        case 1: return .double(Double(bitPattern: try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }))
        case 2:
            let length = Int64(bitPattern: try varint())
            guard length >= 0 else { throw ProtobufError("proto: negative length found during unmarshaling") }
            return .bytes(try take(Int(length)))
        case 3:
            try skipGroup()
            return .other(wireType: 3)
        case 5:
            _ = try take(4)
            return .other(wireType: 5)
        default: throw ProtobufError("proto: illegal wireType \(type)")
        }
    }

    /// Without recursion: groups may be in groups as deep as a stranger likes.
    private mutating func skipGroup() throws(ProtobufError) {
        var depth = 1
        while depth > 0 {
            guard !rest.isEmpty else { throw ProtobufError("unexpected EOF") }
            switch Int(try varint() & 7) {
            case 3: depth += 1
            case 4: depth -= 1
            case let type: _ = try value(type)
            }
        }
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw ProtobufError("unexpected EOF") }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw ProtobufError("proto: integer overflow")
    }

    private mutating func take(_ count: Int) throws(ProtobufError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw ProtobufError("unexpected EOF") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

struct ProtobufError: Error {
    let text: String

    init(_ text: String) { self.text = text }
}
