import Core
import Kubernetes

/// The server-side tables that `kubectl get` prints (printers/internalversion of Kubernetes v1.36).
struct Table: Sendable {
    struct Column: Sendable {
        let name: String
        var type = "string"
        var format = ""
        var priority = 0
        var description: String?

        init(_ name: String, type: String = "string", format: String = "", wide: Bool = false, description: String? = nil) {
            self.description = description
            self.name = name
            self.type = type
            self.format = format
            priority = wide ? 1 : 0
        }

        func json(of plural: String) -> JSON {
            let text = description ?? ColumnText.description(of: name, in: plural)
            return [
                "name": .string(name), "type": .string(type), "format": .string(format), "description": .string(text),
                "priority": JSON(priority),
            ]
        }
    }

    let columns: [Column]
    /// Whose columns they are, for the texts that describe them.
    private var plural = ""
    /// The cells of one object at a time of the cluster.
    let cells: @Sendable (JSON, Timestamp) -> [JSON]

    init(columns: [Column], cells: @escaping @Sendable (JSON, Timestamp) -> [JSON]) {
        self.columns = columns
        self.cells = cells
    }

    /// The table of a resource, also of a custom one.
    static func of(_ resource: APIResource) -> Table {
        var table = resource.custom.map { CustomTable.table($0.columns) } ?? of(resource.storage)
        table.plural = resource.type.plural
        return table
    }

    /// The table of a resource; name and age for those that have none of their own.
    private static func of(_ type: ResourceType) -> Table {
        switch (type.group, type.plural) {
        case ("", "pods"): PodTable.table
        case ("", "nodes"): ClusterTables.nodes
        case ("", "namespaces"): ClusterTables.namespaces
        case ("", "events"), ("events.k8s.io", "events"): EventTable.table
        case ("", "services"): NetworkTables.services
        case ("", "endpoints"): NetworkTables.endpoints
        case ("discovery.k8s.io", "endpointslices"): NetworkTables.endpointSlices
        case ("networking.k8s.io", "ingresses"): NetworkTables.ingresses
        case ("", "configmaps"): ClusterTables.configMaps
        case ("", "secrets"): ClusterTables.secrets
        case ("", "serviceaccounts"): ClusterTables.named
        case ("", "persistentvolumeclaims"): StorageTables.claims
        case ("", "persistentvolumes"): StorageTables.volumes
        case ("storage.k8s.io", "storageclasses"): StorageTables.classes
        case ("storage.k8s.io", "volumeattachments"): StorageTables.attachments
        case ("storage.k8s.io", "csinodes"): StorageTables.nodes
        case ("networking.k8s.io", "ingressclasses"): NetworkTables.ingressClasses
        case ("networking.k8s.io", "networkpolicies"): NetworkTables.policies
        case ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterrolebindings"): AccessTables.bindings
        case ("admissionregistration.k8s.io", "validatingadmissionpolicies"): AccessTables.policies
        case ("admissionregistration.k8s.io", "validatingadmissionpolicybindings"): AccessTables.policyBindings
        case ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
            ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"):
            AccessTables.webhooks
        case ("apiregistration.k8s.io", "apiservices"): AccessTables.services
        case ("scheduling.k8s.io", "priorityclasses"): ClusterTables.priorityClasses
        case ("node.k8s.io", "runtimeclasses"): ClusterTables.runtimeClasses
        case ("", "limitranges"), ("rbac.authorization.k8s.io", _), ("apiextensions.k8s.io", _): ClusterTables.dated
        case ("", "replicationcontrollers"): WorkloadTables.replicationControllers
        case ("", "podtemplates"): WorkloadTables.podTemplates
        case ("apps", "controllerrevisions"): WorkloadTables.revisions
        case ("", "resourcequotas"): ClusterTables.quotas
        case ("apps", "deployments"): WorkloadTables.deployments
        case ("apps", "replicasets"): WorkloadTables.replicaSets
        case ("apps", "statefulsets"): WorkloadTables.statefulSets
        case ("apps", "daemonsets"): WorkloadTables.daemonSets
        case ("batch", "jobs"): WorkloadTables.jobs
        case ("batch", "cronjobs"): WorkloadTables.cronJobs
        case ("autoscaling", _): AutoscalerTable.table
        case ("policy", "poddisruptionbudgets"): WorkloadTables.budgets
        case ("coordination.k8s.io", "leases"): ClusterTables.leases
        default: ClusterTables.named
        }
    }

    /// The `Table` object. `includeObject`: `Metadata` (default), `Object`, `None`.
    func json(_ objects: [JSON], metadata: JSON, now: Timestamp, includeObject: String?, withColumns: Bool = true) -> JSON {
        [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": withColumns ? .array(columns.map { $0.json(of: plural) }) : .null,
            "rows": .array(
                objects.map { object in
                    let shown: JSON =
                        switch includeObject {
                        case "Object": object
                        case "None": .null
                        default: Table.partial(object)
                        }
                    return ["cells": .array(cells(object, now)), "object": shown]
                }),
        ]
    }

    static func partial(_ object: JSON) -> JSON {
        ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] ?? [:]]
    }

    static let nameColumn = Column("Name", format: "name")
    static let ageColumn = Column("Age")

    static func name(_ object: JSON) -> JSON { object[at: "metadata", "name"] ?? "" }

    static func age(_ object: JSON, _ now: Timestamp) -> JSON { .string(age(of: object[at: "metadata", "creationTimestamp"]?.string, now)) }

    static func age(of time: String?, _ now: Timestamp) -> String {
        guard let time, let then = Timestamp(time) else { return "<unknown>" }
        return humanDuration(now - then)
    }

    /// `5s`, `3m12s`, `45m`, `4h5m`, `2d3h`, `30d`, `2y10d` (apimachinery util/duration HumanDuration).
    static func humanDuration(_ duration: Duration) -> String {
        let seconds = Int(duration.secondCount)
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 10 { return seconds % 60 == 0 ? "\(minutes)m" : "\(minutes)m\(seconds % 60)s" }
        if minutes < 180 { return "\(minutes)m" }
        let hours = minutes / 60
        if hours < 8 { return minutes % 60 == 0 ? "\(hours)h" : "\(hours)h\(minutes % 60)m" }
        if hours < 48 { return "\(hours)h" }
        let days = hours / 24
        if hours < 192 { return hours % 24 == 0 ? "\(days)d" : "\(days)d\(hours % 24)h" }
        if days < 730 { return "\(days)d" }
        let years = days / 365
        if days < 2920 { return days % 365 == 0 ? "\(years)y" : "\(years)y\(days % 365)d" }
        return "\(years)y"
    }

    static func text(_ value: JSON?) -> String {
        switch value {
        case .string(let text)?: text.isEmpty ? "<none>" : text
        case nil, .null?: "<none>"
        case .some(let other): other.text()
        }
    }

    static func joined(_ parts: [String]) -> JSON { .string(parts.isEmpty ? "<none>" : parts.joined(separator: ",")) }

    static func selector(_ json: JSON?) -> JSON {
        let text = Selectors.labelSelector(json).description
        return .string(text.isEmpty ? "<none>" : text)
    }

    /// As `labels.FormatLabels` writes them.
    static func labels(_ json: JSON?) -> JSON {
        joined((json?.stringMap ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
    }

    static func containers(_ template: JSON?) -> (names: JSON, images: JSON) {
        let list = template?[at: "spec", "containers"]?.array ?? []
        return (joined(list.compactMap { $0["name"]?.string }), joined(list.compactMap { $0["image"]?.string }))
    }
}
