package import Core

/// A value that reads itself leniently: unknown members are passed over, a member of a wrong type keeps its default.
package protocol JSONReadable: Sendable {
    /// What an object without members reads as.
    init()
    /// Reads an object where the value stands, so that a large one is never copied; what the object does not name stays as it is.
    mutating func read(from reader: inout JSONReader) throws(JSONError)
}

extension JSONReadable {
    @inline(__always)
    package init(from reader: inout JSONReader) throws(JSONError) {
        self.init()
        try read(from: &reader)
    }

    /// Reads one JSON document.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try JSONReader.read(bytes) { (r) throws(JSONError) in try Self(from: &r) }
    }

    /// Reads a tree. What a tree cannot hold cannot fail, so there is no error to handle; nil only beyond the depth limit.
    package init?(_ json: JSON) {
        guard let value = try? Self(parsing: json.serialized()) else { return nil }
        self = value
    }
}

/// A typed object of the API: it knows its own resource type.
package protocol KubernetesResource: JSONReadable {
    static var type: ResourceType { get }
    var metadata: ObjectMeta { get set }
    /// Where it stands among others of its type. Asked for in place: `metadata` of a type that is not known gives a copy of it all.
    var place: ObjectPlace { get }
    /// The value of an annotation, asked for in place.
    func annotation(_ key: String) -> String?
}

extension KubernetesResource {
    /// What this object is called in its cluster.
    package var key: ObjectKey { ObjectKey(type: Self.type, namespace: metadata.namespace, name: metadata.name) }
    package var place: ObjectPlace { metadata.place }
    package func annotation(_ key: String) -> String? { metadata.annotations[key] }
}
