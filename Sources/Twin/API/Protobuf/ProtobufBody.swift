import Core
import Kubernetes

/// What goes over the wire as `application/vnd.kubernetes.protobuf`: four bytes, then the envelope `runtime.Unknown` with the type of an object
/// and its message. kubectl and the typed clients of client-go send it, and prefer it in answers.
enum ProtobufBody {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    private static let prefix: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    /// The object of a body, as JSON. What is wrong is told in the words of the handler.
    static func json(_ body: [UInt8], for target: RequestTarget.Object, verb: String) throws(APIFailure) -> JSON {
        let subresource = target.subresource.flatMap { target.resource.subresource($0)?.kind } ?? ""
        let wanted = subresource.isEmpty ? target.resource.type.kind : subresource
        var type: (apiVersion: String, kind: String)?
        do throws(ProtobufError) {
            let (apiVersion, kind, raw) = try opened(body)
            guard !kind.isEmpty else { throw ProtobufError("Object 'Kind' is missing in '\(typeMeta(apiVersion, kind))'") }
            guard !apiVersion.isEmpty else { throw ProtobufError("Object 'apiVersion' is missing in '\(typeMeta(apiVersion, kind))'") }
            type = (apiVersion, kind)
            guard let name = WireSchema.builtIn.name(kind: kind, apiVersion: apiVersion) else {
                throw ProtobufError(
                    target.resource.custom == nil
                        ? "no kind \"\(kind)\" is registered for version \"\(apiVersion)\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""
                        : "object *unstructured.Unstructured does not implement the protobuf marshalling interface and cannot be encoded to a "
                            + "protobuf message")
            }
            var decoder = ProtobufDecoder()
            var object = try decoder.message(raw, name)
            object["kind"] = .string(kind)
            object["apiVersion"] = .string(apiVersion)
            return object
        } catch {
            // The handler of deletes hands on what its decoder says.
            if verb.hasPrefix("delete") { throw APIFailure(500, "", error.text) }
            guard let type else {
                let shown = body.isEmpty ? "<empty>" : Digest.hex(Array(body.prefix(30))) + (body.count > 30 ? " ..." : "")
                throw APIFailure.badRequest("the object provided is unrecognized (must be of type \(wanted)): \(error.text) (\(shown))")
            }
            let version = type.apiVersion.split(separator: "/").last ?? ""
            throw APIFailure.badRequest("\(type.kind) in version \"\(version)\" cannot be handled as a \(wanted): \(error.text)")
        }
    }

    private static func typeMeta(_ apiVersion: String, _ kind: String) -> String {
        "runtime.TypeMeta{APIVersion:\"\(apiVersion)\", Kind:\"\(kind)\"}"
    }

    private static func opened(
        _ body: [UInt8]
    ) throws(ProtobufError) -> (apiVersion: String, kind: String, raw: ArraySlice<UInt8>) {
        guard !body.isEmpty else { throw ProtobufError("empty data") }
        guard body.starts(with: prefix) else {
            throw ProtobufError(
                "provided data does not appear to be a protobuf message, expected prefix [\(prefix.map(String.init).joined(separator: " "))]"
            )
        }
        guard body.count > prefix.count else { throw ProtobufError("empty body") }
        var (apiVersion, kind): (String, String) = ("", "")
        var raw: ArraySlice<UInt8> = []
        var envelope = ProtobufReader(body.dropFirst(prefix.count), of: "Unknown")
        while let (field, value) = try envelope.next() {
            guard case .bytes(let bytes) = value else { continue }
            if field == 2 { raw = bytes }
            guard field == 1 else { continue }
            var type = ProtobufReader(bytes, of: "TypeMeta")
            while let (field, value) = try type.next() {
                guard case .bytes(let text) = value else { continue }
                if field == 1 { apiVersion = String(decoding: text, as: UTF8.self) }
                if field == 2 { kind = String(decoding: text, as: UTF8.self) }
            }
        }
        return (apiVersion, kind, raw)
    }

    /// An object or a list as it is sent; nil for what has no message: tables, custom resources, what is no object.
    static func encode(_ object: JSON) -> [UInt8]? {
        guard let kind = object["kind"]?.string, let apiVersion = object["apiVersion"]?.string else { return nil }
        if let name = WireSchema.builtIn.name(kind: kind, apiVersion: apiVersion) {
            return closed(apiVersion, kind, ProtobufEncoder().message(object, name))
        }
        guard kind.hasSuffix("List") else { return nil }
        return encodeList(object["items"]?.array ?? [], metadata: object["metadata"] ?? [:], kind: kind, apiVersion: apiVersion)
    }

    /// - Parameter kind: that of the list.
    static func encodeList(_ items: [JSON], metadata: JSON, kind: String, apiVersion: String) -> [UInt8]? {
        guard let name = WireSchema.builtIn.name(kind: String(kind.dropLast(4)), apiVersion: apiVersion) else { return nil }
        let encoder = ProtobufEncoder()
        var writer = ProtobufWriter()
        writer.bytes(1, encoder.message(metadata, "meta.ListMeta"))
        for item in items { writer.bytes(2, encoder.message(item, name)) }
        return closed(apiVersion, kind, writer.bytes)
    }

    /// One event of a watch: its length in four bytes, then the message `WatchEvent` with the object as it would be sent alone.
    static func frame(_ type: String, _ object: JSON) -> [UInt8]? {
        guard let inner = encode(object) else { return nil }
        var raw = ProtobufWriter()
        raw.bytes(1, inner)
        var event = ProtobufWriter()
        event.bytes(1, Array(type.utf8))
        event.bytes(2, raw.bytes)
        let length = UInt32(event.bytes.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + event.bytes
    }

    private static func closed(_ apiVersion: String, _ kind: String, _ message: [UInt8]) -> [UInt8] {
        var type = ProtobufWriter()
        type.bytes(1, Array(apiVersion.utf8))
        type.bytes(2, Array(kind.utf8))
        var envelope = ProtobufWriter()
        envelope.bytes(1, type.bytes)
        envelope.bytes(2, message)
        // The encoding and the media type of the message, which are those of the body.
        envelope.bytes(3, [])
        envelope.bytes(4, [])
        return prefix + envelope.bytes
    }
}
