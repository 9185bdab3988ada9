/// One resource of the API as it is stored: `apps/v1 deployments`.
package struct ResourceType: Hashable, Sendable {
    package let group: String
    package let version: String
    package let plural: String
    package let kind: String
    package let isNamespaced: Bool

    package init(group: String, version: String, plural: String, kind: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
        self.isNamespaced = isNamespaced
    }

    package static let pods = ResourceType(group: "", version: "v1", plural: "pods", kind: "Pod", isNamespaced: true)
    package static let namespaces = ResourceType(group: "", version: "v1", plural: "namespaces", kind: "Namespace", isNamespaced: false)
}

/// The place of an object in the cluster; `namespace` is empty for what is in none.
package struct ObjectKey: Hashable, Comparable, Sendable {
    package let type: ResourceType
    package let namespace: String
    package let name: String

    package init(type: ResourceType, namespace: String, name: String) {
        self.type = type
        self.namespace = namespace
        self.name = name
    }

    package static func < (a: ObjectKey, b: ObjectKey) -> Bool {
        (a.type.group, a.type.plural, a.namespace, a.name) < (b.type.group, b.type.plural, b.namespace, b.name)
    }
}
