import Core
import Kubernetes

/// What the objects of a cluster say of themselves as metrics, with the names and labels of kube-state-metrics 2 (its documentation, by
/// resource).
enum KubeStateMetrics {
    typealias Sample = ExpositionText.Sample

    /// A family over the objects of one type.
    struct Family: Sendable {
        let name: String
        let kind: ExpositionText.Kind
        let help: String
        let samples: @Sendable (JSON) -> [Sample]

        init(
            _ name: String, _ help: String, kind: ExpositionText.Kind = .gauge, _ samples: @escaping @Sendable (JSON) -> [Sample]
        ) {
            (self.name, self.help, self.kind, self.samples) = (name, help, kind, samples)
        }

        /// One sample an object: a number at a path, with the labels `namespace` and, under `label`, the name.
        static func number(_ name: String, _ label: String, _ help: String, at path: String..., absent: Double? = nil) -> Family {
            Family(name, help) { object in
                let place = path.reduce(Optional(object)) { $0?[$1] }
                guard let value = place?.double ?? absent else { return [] }
                return [Sample(labels: KubeStateMetrics.identity(object, label), value: value)]
            }
        }
    }

    static func write(_ store: ObjectStore, to page: inout ExpositionText) {
        for (type, families) in families {
            let objects = store.list(type, namespace: nil)
            for family in families { page.add(family.name, family.kind, family.help, objects.flatMap(family.samples)) }
        }
    }

    private static let families: [(type: ResourceType, families: [Family])] = [
        (.pods, pods), (.deployments, deployments), (.statefulSets, statefulSets), (.daemonSets, daemonSets), (.jobs, jobs),
        (.nodes, nodes), (.horizontalPodAutoscalers, autoscalers), (.persistentVolumeClaims, claims), (.resourceQuotas, quotas),
    ]

    static func identity(_ object: JSON, _ label: String) -> [(name: String, value: String)] {
        let namespace = object.metadataNamespace
        return (namespace.isEmpty ? [] : [("namespace", namespace)]) + [(label, object.metadataName)]
    }

    /// One sample for each possible value, 1 for the one that holds.
    static func states(
        _ labels: [(name: String, value: String)], _ label: String, _ possible: [String], _ actual: String?
    ) -> [Sample] {
        possible.map { Sample(labels: labels + [(label, $0)], value: $0 == actual ? 1 : 0) }
    }

    /// The conditions of an object, each with every status it can have.
    static func conditions(_ object: JSON, _ label: String) -> [Sample] {
        (object[at: "status", "conditions"]?.array ?? []).flatMap { condition in
            states(
                identity(object, label) + [("condition", condition["type"]?.string ?? "")], "status", ["true", "false", "unknown"],
                condition["status"]?.string?.lowercased())
        }
    }

    /// Amounts of resources by name, with the unit that kube-state-metrics gives each.
    static func amounts(_ labels: [(name: String, value: String)], _ amounts: JSON?) -> [Sample] {
        (amounts?.object ?? [:]).sorted { $0.key < $1.key }.compactMap { name, value in
            guard let amount = value.string.flatMap({ Quantity($0) }) ?? value.int.map({ Quantity($0) }) else { return nil }
            let unit =
                switch name {
                case "cpu": "core"
                case "memory", "storage", "ephemeral-storage": "byte"
                default: "integer"
                }
            return Sample(labels: labels + [("resource", name.replacing("-", with: "_")), ("unit", unit)], value: amount.double)
        }
    }
}
