import Core
import Kubernetes

extension ObjectStore {
    /// Metadata that only the store writes.
    static let ownedMetadata: Set<String> = [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "selfLink",
    ]

    /// Types whose `metadata.generation` counts changes of what is wanted.
    static func hasGeneration(_ type: ResourceType) -> Bool {
        generationTypes.contains(type.plural) ? type.group != "metrics.k8s.io" : isCustom(type)
    }

    /// Whether only a definition can have made the type.
    static func isCustom(_ type: ResourceType) -> Bool { !APIResources.served.groups.contains { $0.name == type.group } }

    private static let generationTypes: Set<String> = [
        "pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs", "poddisruptionbudgets", "ingresses",
        "endpointslices", "networkpolicies", "replicationcontrollers", "customresourcedefinitions", "ingressclasses",
        "priorityclasses", "validatingwebhookconfigurations", "mutatingwebhookconfigurations", "flowschemas",
        "prioritylevelconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings", "servicecidrs",
    ]

    /// Types whose status is written by `/status` only.
    static func hasStatus(_ type: ResourceType) -> Bool { statusTypes.contains(type.plural) }

    private static let statusTypes: Set<String> = [
        "pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs", "poddisruptionbudgets", "ingresses",
        "nodes", "namespaces", "services", "persistentvolumes", "persistentvolumeclaims", "resourcequotas", "replicationcontrollers",
        "horizontalpodautoscalers", "customresourcedefinitions", "validatingadmissionpolicies",
    ]

    /// Types that an update makes when there is none (AllowCreateOnUpdate of their strategy).
    static func isMadeByUpdate(_ type: ResourceType) -> Bool {
        ["leases", "services", "endpoints", "events", "limitranges", "roles", "rolebindings", "clusterroles", "clusterrolebindings"]
            .contains(
                type.plural)
    }

    /// Types whose update must name the version that it replaces (AllowUnconditionalUpdate of their strategy).
    static func needsVersion(_ type: ResourceType) -> Bool {
        [
            "leases", "poddisruptionbudgets", "customresourcedefinitions", "apiservices", "validatingwebhookconfigurations",
            "mutatingwebhookconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings", "runtimeclasses",
            "csidrivers", "csinodes",
        ].contains(type.plural)
    }

    /// Whether anything but metadata and status differs.
    static func differsInSpec(_ a: JSON, _ b: JSON) -> Bool {
        if a["spec"] != nil || b["spec"] != nil { return a["spec"] != b["spec"] }
        for (key, value) in a.object ?? [:] where !envelope.contains(key) && b[key] != value { return true }
        for (key, _) in b.object ?? [:] where !envelope.contains(key) && a[key] == nil { return true }
        return false
    }

    private static let envelope: Set<String> = ["kind", "apiVersion", "metadata", "status"]

    /// The object with its fields in the order of the real server.
    static func assemble(_ object: JSON, metadata: JSON, type: ResourceType) -> JSON {
        var out: JSONObject = [
            "kind": .string(type.kind), "apiVersion": .string(type.group.isEmpty ? type.version : "\(type.group)/\(type.version)"),
            "metadata": metadata,
        ]
        var status: JSON?
        for (key, value) in object.object ?? [:] where key != "kind" && key != "apiVersion" && key != "metadata" {
            if key == "status" { status = value } else { out[key] = value }
        }
        if let status { out["status"] = status }
        return .object(out)
    }

    /// Whether an object that is being deleted has nothing left that holds it.
    static func mayGo(_ object: JSON, type: ResourceType) -> Bool {
        guard object[at: "metadata", "finalizers"]?.array?.isEmpty ?? true else { return false }
        if type.plural == "namespaces", type.group.isEmpty { return object[at: "spec", "finalizers"]?.array?.isEmpty ?? true }
        guard type.plural == "pods", type.group.isEmpty else { return true }
        return (object[at: "metadata", "deletionGracePeriodSeconds"]?.int ?? 0) == 0
    }
}
