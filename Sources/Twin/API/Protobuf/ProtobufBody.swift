import Core

/// Bodies of type `application/vnd.kubernetes.protobuf`, which kubectl sends where it uses typed clients: `create`, `auth can-i`, `autoscale`,
/// `drain`. Turned into the JSON that says the same, by the numbers of ``ProtobufFields`` and the types of ``Schemas``.
enum ProtobufBody {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    /// Four bytes before the envelope `runtime.Unknown`.
    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    static func json(_ body: [UInt8]) throws(APIFailure) -> JSON {
        do throws(ProtobufError) {
            guard body.starts(with: magic) else { throw ProtobufError("provided data does not appear to be a protobuf message") }
            var envelope = ProtobufReader(body.dropFirst(4))
            var apiVersion = ""
            var kind = ""
            var raw: ArraySlice<UInt8> = []
            while let (field, value) = try envelope.next() {
                guard case .bytes(let bytes) = value else { continue }
                if field == 2 { raw = bytes }
                guard field == 1 else { continue }
                var type = ProtobufReader(bytes)
                while let (field, value) = try type.next() {
                    guard case .bytes(let text) = value else { continue }
                    if field == 1 { apiVersion = String(decoding: text, as: UTF8.self) }
                    if field == 2 { kind = String(decoding: text, as: UTF8.self) }
                }
            }
            let name = kind == "HorizontalPodAutoscaler" && apiVersion == "autoscaling/v1" ? "HorizontalPodAutoscalerV1" : kind
            var object = try message(raw, name)
            object["kind"] = .string(kind)
            object["apiVersion"] = .string(apiVersion)
            return object
        } catch {
            throw APIFailure.badRequest("unable to decode the protobuf body: \(error.text)")
        }
    }

    private static func message(_ bytes: ArraySlice<UInt8>, _ name: String) throws(ProtobufError) -> JSON {
        guard let fields = ProtobufFields.types[name] else { throw ProtobufError("no kind \"\(name)\" is registered") }
        var out: JSONObject = [:]
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            // The status stands last in every kind, and what a body says of it is not taken.
            if ProtobufFields.isStatus(number, of: name) { continue }
            guard let field = fields[number] else { throw ProtobufError("field \(number) of \(name) is not known") }
            switch field.type {
            case .list(let element, _):
                guard let one = try decoded(value, element, keepsZero: true) else { continue }
                out[field.name] = .array((out[field.name]?.array ?? []) + [one])
            case .map(let element, _):
                guard let (key, one) = try entry(value, element) else { continue }
                var map = out[field.name]?.object ?? [:]
                map[key] = one
                out[field.name] = .object(map)
            case .object where field.isInline:
                guard let inner = try decoded(value, field.type, keepsZero: false)?.object else { continue }
                for (key, one) in inner { out[key] = one }
            default:
                guard let one = try decoded(value, field.type, keepsZero: ProtobufFields.pointers.contains(field.name)) else { continue }
                out[field.name] = one
            }
        }
        return .object(out)
    }

    /// One value; nil for the zero of a member that is no pointer, which Go writes although nobody has set it.
    private static func decoded(_ value: ProtobufReader.Value, _ type: FieldType, keepsZero: Bool) throws(ProtobufError) -> JSON? {
        switch (value, type) {
        case (.number(let number), .boolean): return number != 0 || keepsZero ? .bool(number != 0) : nil
        case (.number(let number), _): return number != 0 || keepsZero ? .integer(Int64(bitPattern: number)) : nil
        case (.bytes(let bytes), .object(let name, _)): return try message(bytes, name)
        case (.bytes(let bytes), .bytes): return .string(Base64.encode(Array(bytes)))
        case (.bytes(let bytes), .quantity): return try text(bytes, field: 1).map { .string($0) }
        case (.bytes(let bytes), .integerOrString): return try integerOrString(bytes)
        case (.bytes(let bytes), .time), (.bytes(let bytes), .microTime):
            var (seconds, nanoseconds): (Int64, Int64) = (0, 0)
            var reader = ProtobufReader(bytes)
            while let (field, value) = try reader.next() {
                guard case .number(let number) = value else { continue }
                if field == 1 { seconds = Int64(bitPattern: number) } else { nanoseconds = Int64(bitPattern: number) }
            }
            if bytes.isEmpty { return nil }
            let time = Timestamp(seconds: seconds) + .nanoseconds(nanoseconds)
            if case .microTime = type { return .string(time.rfc3339(decimals: 6)) }
            return .string(time.rfc3339())
        case (.bytes(let bytes), _):
            let text = String(decoding: bytes, as: UTF8.self)
            return text.isEmpty && !keepsZero ? nil : .string(text)
        }
    }

    private static func entry(_ value: ProtobufReader.Value, _ element: FieldType) throws(ProtobufError) -> (String, JSON)? {
        guard case .bytes(let bytes) = value else { return nil }
        var reader = ProtobufReader(bytes)
        var key = ""
        var one: JSON = ""
        while let (field, value) = try reader.next() {
            if field == 1, case .bytes(let text) = value { key = String(decoding: text, as: UTF8.self) }
            if field == 2 { one = try decoded(value, element, keepsZero: true) ?? "" }
        }
        return (key, one)
    }

    private static func text(_ bytes: ArraySlice<UInt8>, field wanted: Int) throws(ProtobufError) -> String? {
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            if field == wanted, case .bytes(let text) = value { return String(decoding: text, as: UTF8.self) }
        }
        return nil
    }

    private static func integerOrString(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> JSON? {
        var reader = ProtobufReader(bytes)
        var (isText, number, text): (Bool, Int64, String) = (false, 0, "")
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .number(let kind)): isText = kind == 1
            case (2, .number(let given)): number = Int64(bitPattern: given)
            case (3, .bytes(let given)): text = String(decoding: given, as: UTF8.self)
            default: break
            }
        }
        return isText ? .string(text) : .integer(number)
    }
}
