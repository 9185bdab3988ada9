package import Core

/// A Secret without its values: they are dropped while reading and never held (INTERFACES section 7).
package struct Secret: KubernetesResource, Equatable {
    package static let type = ResourceType.secrets

    @Shared package var metadata: ObjectMeta
    package var kind = ""
    /// The names of the keys, sorted.
    package var keys: [String] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "type": kind = try r.text() ?? ""
            case "data", "stringData": keys += try r.keys()
            default: try r.skip()
            }
        }
        keys = Set(keys).sorted()
        Secret.dropValues(in: &metadata)
    }

    /// kubectl keeps a copy of what was applied, values included, in an annotation, and others keep theirs in others.
    static func dropValues(in metadata: inout ObjectMeta) { metadata.annotations = [:] }

    /// The tree of a Secret with `value` under each of its keys, and nothing in which another could stand.
    package static func withoutValues(_ secret: JSON, value: String = "") -> JSON {
        let keys = [secret["data"], secret["stringData"]].flatMap { $0?.object?.map(\.key) ?? [] }
        var secret = secret
        secret["stringData"] = nil
        secret["data"] = keys.isEmpty ? nil : .object(JSONObject(keys.map { ($0, .string(value)) }))
        secret[at: "metadata", "annotations"] = nil
        return secret
    }
}
