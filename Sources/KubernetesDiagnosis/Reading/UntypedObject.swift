package import Core
package import Kubernetes

/// An object of a kind that has no list of its own in a snapshot: a custom resource, or a built-in one that is looked at seldom.
package struct UntypedObject: Sendable {
    package let object: KubernetesObject
    /// `status.conditions`.
    package let conditions: [Condition]

    package init(_ object: KubernetesObject) throws(JSONError) {
        self.object = object
        conditions = try object.read(as: ConditionsOnly.self).conditions
    }

    package var kind: String { object.kind }
    package var metadata: ObjectMeta { object.metadata }
    /// Empty for the core group.
    package var group: String { object.group }

    /// What it is called in a cluster.
    package func path(in cluster: String) -> EntityPath {
        EntityPath(
            cluster: cluster, namespace: metadata.namespace, kind: ResourceType.isBuiltIn(group: group) ? kind : "\(kind).\(group)",
            name: metadata.name)
    }

    package func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }

    /// The whole object. Read anew each time: ask once.
    package func json() -> JSON { (try? object.json()) ?? [:] }
}

extension KubernetesObject {
    /// Empty for the core group.
    var group: String {
        let parts = apiVersion.split(separator: "/", maxSplits: 1)
        return parts.count == 2 ? String(parts[0]) : ""
    }
}

/// `status.conditions` of an object of any kind.
private struct ConditionsOnly: JSONReadable {
    var conditions: [Condition] = []

    init() {}

    mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            guard case "status" = key else { return try r.skip() }
            try r.members { (r, key) throws(JSONError) in
                switch key {
                case "conditions": conditions = try r.list()
                default: try r.skip()
                }
            }
        }
    }
}
