import Core

/// Messages of ``WireSchema`` as the JSON that says the same.
struct ProtobufDecoder {
    private let schema = WireSchema.builtIn
    private var depth = 0
    /// Definitions of custom resources hold schemas in schemas: no more of them than fit on a stack.
    private static let deepest = 200

    mutating func message(_ bytes: ArraySlice<UInt8>, _ name: String) throws(ProtobufError) -> JSON {
        guard let message = schema.messages[name] else { throw ProtobufError("no message \"\(name)\" is known") }
        depth += 1
        defer { depth -= 1 }
        guard depth <= ProtobufDecoder.deepest else { throw ProtobufError("exceeded max depth") }
        var out: JSONObject = [:]
        var lists: [Int: [JSON]] = [:]
        var maps: [Int: JSONObject] = [:]
        var reader = ProtobufReader(bytes, of: String(name.drop { $0 != "." }.dropFirst()))
        while let (number, value) = try reader.next() {
            // Fields of a later version are passed over, as Go does it.
            guard let field = message[number] else { continue }
            switch field.form {
            case .list(let element): lists[number, default: []] += try elements(value, element, field)
            case .map(let element):
                let (key, one) = try entry(value, element, field)
                maps[number, default: [:]][key] = one
            default:
                guard let one = try decoded(value, field.form, field) else { continue }
                if field.isInline { for (key, member) in one.object ?? [:] { out[key] = member } } else { out[field.name] = one }
            }
        }
        for field in message.fields {
            if let list = lists[field.number] { out[field.name] = .array(list) }
            if let map = maps[field.number] { out[field.name] = .object(map) }
            if field.isShownWhenZero, out[field.name] == nil { out[field.name] = ProtobufDecoder.zero(field.form) }
        }
        return .object(out)
    }

    private static func zero(_ form: WireSchema.Form) -> JSON? {
        switch form {
        case .string: ""
        case .integer, .double: 0
        case .boolean: false
        default: nil
        }
    }

    /// One or, where numbers are packed into one field, several.
    private mutating func elements(
        _ value: ProtobufReader.Value, _ element: WireSchema.Form, _ field: WireSchema.Field
    ) throws(ProtobufError) -> [JSON] {
        if case .integer = element, case .bytes(let packed) = value {
            var numbers: [JSON] = []
            var rest = ProtobufReader(packed, of: "")
            while let number = try rest.nextNumber() { numbers.append(.integer(Int64(bitPattern: number))) }
            return numbers
        }
        let one = try decoded(value, element, field, keepsZero: true)
        return [one ?? ProtobufDecoder.zero(element) ?? .null]
    }

    private mutating func entry(
        _ value: ProtobufReader.Value, _ element: WireSchema.Form, _ field: WireSchema.Field
    ) throws(ProtobufError) -> (String, JSON) {
        let bytes = try ProtobufDecoder.bytes(value, field)
        var reader = ProtobufReader(bytes, of: "Entry")
        var key = ""
        var one: JSON?
        while let (number, value) = try reader.next() {
            if number == 1, case .bytes(let text) = value { key = String(decoding: text, as: UTF8.self) }
            if number == 2 { one = try decoded(value, element, field, keepsZero: true) }
        }
        if one == nil { one = ProtobufDecoder.zero(element) }
        if one == nil { one = try decoded(.bytes([]), element, field, keepsZero: true) }
        return (key, one ?? .null)
    }

    private static func bytes(_ value: ProtobufReader.Value, _ field: WireSchema.Field) throws(ProtobufError) -> ArraySlice<UInt8> {
        guard case .bytes(let bytes) = value else { throw wrongType(value, field) }
        return bytes
    }

    private static func wrongType(_ value: ProtobufReader.Value, _ field: WireSchema.Field) -> ProtobufError {
        ProtobufError("proto: wrong wireType = \(value.wireType) for field \(field.name.prefix(1).uppercased() + field.name.dropFirst())")
    }

    /// One value; nil for the zero of a member that is no pointer, which Go writes although nobody has set it.
    private mutating func decoded(
        _ value: ProtobufReader.Value, _ form: WireSchema.Form, _ field: WireSchema.Field, keepsZero: Bool = false
    ) throws(ProtobufError) -> JSON? {
        let keepsZero = keepsZero || field.isPointer || field.isShownWhenZero
        switch form {
        case .integer, .boolean:
            guard case .number(let number) = value else { throw ProtobufDecoder.wrongType(value, field) }
            guard number != 0 || keepsZero else { return nil }
            if case .boolean = form { return .bool(number != 0) }
            return .integer(Int64(bitPattern: number))
        case .double:
            guard case .double(let number) = value else { throw ProtobufDecoder.wrongType(value, field) }
            return Int64(exactly: number).map { .integer($0) } ?? (number.isFinite ? .number(number) : nil)
        default: break
        }
        let bytes = try ProtobufDecoder.bytes(value, field)
        switch form {
        case .string: return bytes.isEmpty && !keepsZero ? nil : .string(String(decoding: bytes, as: UTF8.self))
        case .bytes: return .string(Base64.encode(Array(bytes)))
        case .quantity: return try quantity(bytes).map { .string($0) }
        case .integerOrString: return try integerOrString(bytes)
        case .time: return try time(bytes, of: "Time").map { .string($0.rfc3339()) }
        case .microTime: return try time(bytes, of: "MicroTime").map { .string($0.rfc3339(decimals: 6)) }
        case .json: return try json(bytes)
        case .wrappedTexts: return try wrapped(bytes)
        case .schemaOrBool, .schemaOrList, .schemaOrTexts: return try schemaOr(bytes, form)
        case .message(let name): return try message(bytes, name)
        case .integer, .boolean, .double, .list, .map: return nil
        }
    }

    private func quantity(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> String? {
        var reader = ProtobufReader(bytes, of: "Quantity")
        var found: String?
        while let (field, value) = try reader.next() {
            if field == 1, case .bytes(let text) = value { found = String(decoding: text, as: UTF8.self) }
        }
        return found
    }

    private func integerOrString(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> JSON {
        var reader = ProtobufReader(bytes, of: "IntOrString")
        var (isText, number, text): (Bool, Int64, String) = (false, 0, "")
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .number(let kind)): isText = kind == 1
            case (2, .number(let given)): number = Int64(Int32(truncatingIfNeeded: given))
            case (3, .bytes(let given)): text = String(decoding: given, as: UTF8.self)
            default: break
            }
        }
        return isText ? .string(text) : .integer(number)
    }

    /// nil for the zero of Go's `time.Time`.
    private func time(_ bytes: ArraySlice<UInt8>, of name: String) throws(ProtobufError) -> Timestamp? {
        var reader = ProtobufReader(bytes, of: name)
        var (seconds, nanoseconds): (Int64, Int64) = (0, 0)
        while let (field, value) = try reader.next() {
            guard case .number(let number) = value else { continue }
            if field == 1 { seconds = Int64(bitPattern: number) } else { nanoseconds = Int64(Int32(truncatingIfNeeded: number)) }
        }
        return bytes.isEmpty ? nil : Timestamp(seconds: seconds) + .nanoseconds(nanoseconds)
    }

    private func json(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> JSON? {
        var reader = ProtobufReader(bytes, of: "RawExtension")
        while let (field, value) = try reader.next() {
            guard field == 1, case .bytes(let raw) = value, !raw.isEmpty else { continue }
            guard let json = try? JSON(parsing: Array(raw)) else {
                throw ProtobufError(GoJSONError.text(Array(raw)) ?? "json: not readable")
            }
            return json
        }
        return nil
    }

    private func wrapped(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> JSON {
        var reader = ProtobufReader(bytes, of: "ExtraValue")
        var texts: [JSON] = []
        while let (field, value) = try reader.next() {
            if field == 1, case .bytes(let text) = value { texts.append(.string(String(decoding: text, as: UTF8.self))) }
        }
        return .array(texts)
    }

    private static let schemaMessage = "apiextensions.JSONSchemaProps"

    /// A schema stands in one field of its own; what else may stand there in another.
    private mutating func schemaOr(_ bytes: ArraySlice<UInt8>, _ form: WireSchema.Form) throws(ProtobufError) -> JSON {
        var reader = ProtobufReader(bytes, of: "JSONSchemaProps")
        var allows = false
        var several: [JSON] = []
        let schemaField = if case .schemaOrBool = form { 2 } else { 1 }
        while let (field, value) = try reader.next() {
            switch value {
            case .number(let flag): allows = flag != 0
            case .bytes(let inner) where field == schemaField: return try message(inner, ProtobufDecoder.schemaMessage)
            case .bytes(let inner):
                if case .schemaOrTexts = form {
                    several.append(.string(String(decoding: inner, as: UTF8.self)))
                } else {
                    several.append(try message(inner, ProtobufDecoder.schemaMessage))
                }
            case .double, .other: break
            }
        }
        if case .schemaOrBool = form { return .bool(allows) }
        return .array(several)
    }
}
