/// Which object: its type, namespace (empty for cluster-wide objects) and name. Ordered by type, namespace, name.
package struct ObjectKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let type: ResourceType
    package let namespace: String
    package let name: String

    package init(type: ResourceType, namespace: String, name: String) {
        self.type = type
        self.namespace = namespace
        self.name = name
    }

    package static func < (a: ObjectKey, b: ObjectKey) -> Bool {
        (a.type, a.namespace, a.name) < (b.type, b.namespace, b.name)
    }

    /// `shop/Deployment/checkout`, or `Node/worker-1`.
    package var description: String { (namespace.isEmpty ? "" : namespace + "/") + "\(type.kind)/\(name)" }
}
