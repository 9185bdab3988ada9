import Core

/// JSON as messages of ``WireSchema``, byte for byte as Go writes them: members that are no pointers also when they are zero.
struct ProtobufEncoder {
    private let schema = WireSchema.builtIn

    func message(_ object: JSON, _ name: String) -> [UInt8] {
        var writer = ProtobufWriter()
        for field in schema.messages[name]?.fields ?? [] {
            let given = field.isInline ? object : object[field.name]
            let value = given.flatMap { $0.isNull ? nil : $0 }
            switch field.form {
            case .list(let element): for one in value?.array ?? [] { write(one, element, field.number, to: &writer) }
            case .map(let element):
                let members = value?.object ?? [:]
                for key in members.keys.sorted() {
                    var entry = ProtobufWriter()
                    entry.bytes(1, Array(key.utf8))
                    write(members[key], element, 2, to: &entry)
                    writer.bytes(field.number, entry.bytes)
                }
            default:
                if value == nil, field.isPointer { continue }
                write(value, field.form, field.number, to: &writer)
            }
        }
        return writer.bytes
    }

    private func write(_ value: JSON?, _ form: WireSchema.Form, _ number: Int, to writer: inout ProtobufWriter) {
        switch form {
        case .integer: writer.number(number, UInt64(bitPattern: Int64(value?.int ?? 0)))
        case .boolean: writer.number(number, value?.bool == true ? 1 : 0)
        case .double: writer.double(number, value?.double ?? 0)
        case .bytes: if let value { writer.bytes(number, Base64.decode(value.string ?? "") ?? []) }
        case .wrappedTexts:
            var inner = ProtobufWriter()
            for text in value?.array ?? [] { inner.bytes(1, Array((text.string ?? "").utf8)) }
            writer.bytes(number, inner.bytes)
        default: writer.bytes(number, content(value, form))
        }
    }

    private func content(_ value: JSON?, _ form: WireSchema.Form) -> [UInt8] {
        var writer = ProtobufWriter()
        switch form {
        case .quantity: writer.bytes(1, Array((value.map { $0.string ?? $0.text() } ?? "0").utf8))
        case .integerOrString:
            writer.number(1, value?.string == nil ? 0 : 1)
            writer.number(2, UInt64(bitPattern: Int64(value?.int ?? 0)))
            writer.bytes(3, Array((value?.string ?? "").utf8))
        case .time, .microTime:
            guard let time = value?.string.flatMap({ Timestamp($0) }) else { break }
            writer.number(1, UInt64(bitPattern: time.wholeSeconds))
            let fraction = if case .microTime = form { time.nanoseconds - time.wholeSeconds * 1_000_000_000 } else { Int64(0) }
            writer.number(2, UInt64(bitPattern: fraction))
        case .json: if let value { writer.bytes(1, value.serialized()) }
        case .schemaOrBool, .schemaOrList, .schemaOrTexts: writeSchemaOr(value, form, to: &writer)
        case .message(let name): return message(value ?? [:], name)
        case .string: return Array((value?.string ?? "").utf8)
        case .integer, .boolean, .double, .bytes, .wrappedTexts, .list, .map: break
        }
        return writer.bytes
    }

    private func writeSchemaOr(_ value: JSON?, _ form: WireSchema.Form, to writer: inout ProtobufWriter) {
        let schema = value?.object == nil ? nil : message(value ?? [:], "apiextensions.JSONSchemaProps")
        if case .schemaOrBool = form {
            writer.number(1, schema != nil || value?.bool == true ? 1 : 0)
            if let schema { writer.bytes(2, schema) }
            return
        }
        if let schema { writer.bytes(1, schema) }
        for one in value?.array ?? [] {
            writer.bytes(2, one.string.map { Array($0.utf8) } ?? message(one, "apiextensions.JSONSchemaProps"))
        }
    }
}

/// Writes the wire format of protocol buffers.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ field: Int, _ value: UInt64) {
        varint(UInt64(field) << 3)
        varint(value)
    }

    mutating func double(_ field: Int, _ value: Double) {
        varint(UInt64(field) << 3 | 1)
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift))) }
    }

    mutating func bytes(_ field: Int, _ value: [UInt8]) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }
}
