// The resources that Martlet reads or writes by name.
extension ResourceType {
    package static let pods = ResourceType("", "pods", "Pod")
    package static let services = ResourceType("", "services", "Service")
    package static let endpoints = ResourceType("", "endpoints", "Endpoints")
    package static let configMaps = ResourceType("", "configmaps", "ConfigMap")
    package static let secrets = ResourceType("", "secrets", "Secret")
    package static let events = ResourceType("", "events", "Event")
    package static let persistentVolumeClaims = ResourceType("", "persistentvolumeclaims", "PersistentVolumeClaim")
    package static let serviceAccounts = ResourceType("", "serviceaccounts", "ServiceAccount")
    package static let resourceQuotas = ResourceType("", "resourcequotas", "ResourceQuota")
    package static let limitRanges = ResourceType("", "limitranges", "LimitRange")
    package static let replicationControllers = ResourceType("", "replicationcontrollers", "ReplicationController")
    package static let persistentVolumes = ResourceType("", "persistentvolumes", "PersistentVolume", namespaced: false)
    package static let nodes = ResourceType("", "nodes", "Node", namespaced: false)
    package static let namespaces = ResourceType("", "namespaces", "Namespace", namespaced: false)
    package static let deployments = ResourceType("apps", "deployments", "Deployment")
    package static let replicaSets = ResourceType("apps", "replicasets", "ReplicaSet")
    package static let statefulSets = ResourceType("apps", "statefulsets", "StatefulSet")
    package static let daemonSets = ResourceType("apps", "daemonsets", "DaemonSet")
    package static let controllerRevisions = ResourceType("apps", "controllerrevisions", "ControllerRevision")
    package static let jobs = ResourceType("batch", "jobs", "Job")
    package static let cronJobs = ResourceType("batch", "cronjobs", "CronJob")
    package static let horizontalPodAutoscalers = ResourceType(
        "autoscaling", "horizontalpodautoscalers", "HorizontalPodAutoscaler", version: "v2")
    package static let podDisruptionBudgets = ResourceType("policy", "poddisruptionbudgets", "PodDisruptionBudget")
    package static let endpointSlices = ResourceType("discovery.k8s.io", "endpointslices", "EndpointSlice")
    package static let ingresses = ResourceType("networking.k8s.io", "ingresses", "Ingress")
    package static let ingressClasses = ResourceType("networking.k8s.io", "ingressclasses", "IngressClass", namespaced: false)
    package static let networkPolicies = ResourceType("networking.k8s.io", "networkpolicies", "NetworkPolicy")
    package static let storageClasses = ResourceType("storage.k8s.io", "storageclasses", "StorageClass", namespaced: false)
    package static let leases = ResourceType("coordination.k8s.io", "leases", "Lease")
    package static let priorityClasses = ResourceType("scheduling.k8s.io", "priorityclasses", "PriorityClass", namespaced: false)
    package static let runtimeClasses = ResourceType("node.k8s.io", "runtimeclasses", "RuntimeClass", namespaced: false)
    package static let eventsV1 = ResourceType("events.k8s.io", "events", "Event")
    package static let validatingWebhookConfigurations = ResourceType(
        "admissionregistration.k8s.io", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", namespaced: false)
    package static let mutatingWebhookConfigurations = ResourceType(
        "admissionregistration.k8s.io", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", namespaced: false)
    package static let apiServices = ResourceType("apiregistration.k8s.io", "apiservices", "APIService", namespaced: false)
    package static let customResourceDefinitions = ResourceType(
        "apiextensions.k8s.io", "customresourcedefinitions", "CustomResourceDefinition", namespaced: false)
    package static let podMetrics = ResourceType("metrics.k8s.io", "pods", "PodMetrics", version: "v1beta1")
    package static let nodeMetrics = ResourceType("metrics.k8s.io", "nodes", "NodeMetrics", version: "v1beta1", namespaced: false)
    package static let roles = ResourceType("rbac.authorization.k8s.io", "roles", "Role")
    package static let roleBindings = ResourceType("rbac.authorization.k8s.io", "rolebindings", "RoleBinding")
    package static let clusterRoles = ResourceType("rbac.authorization.k8s.io", "clusterroles", "ClusterRole", namespaced: false)
    package static let clusterRoleBindings = ResourceType(
        "rbac.authorization.k8s.io", "clusterrolebindings", "ClusterRoleBinding", namespaced: false)

    /// Every type named here; of two with one kind, the one to use by default comes first.
    package static let known: [ResourceType] = [
        .pods, .services, .endpoints, .configMaps, .secrets, .events, .persistentVolumeClaims, .serviceAccounts, .resourceQuotas,
        .limitRanges, .replicationControllers, .persistentVolumes, .nodes, .namespaces, .deployments, .replicaSets,
        .statefulSets, .daemonSets, .controllerRevisions, .jobs, .cronJobs, .horizontalPodAutoscalers, .podDisruptionBudgets,
        .endpointSlices, .ingresses, .ingressClasses, .networkPolicies, .storageClasses, .leases, .priorityClasses, .eventsV1,
        .validatingWebhookConfigurations, .mutatingWebhookConfigurations, .apiServices, .customResourceDefinitions, .podMetrics,
        .nodeMetrics, .roles, .roleBindings, .clusterRoles, .clusterRoleBindings,
    ]

    /// By what people type: plural, `plural.group`, kind, singular or the short names of `kubectl`, in any letter case.
    package static func named(_ name: String) -> ResourceType? { byName[name.lowercased()] }

    /// By what an object says of itself; any version of the group will do.
    package static func of(apiVersion: String, kind: String) -> ResourceType? {
        let parts = apiVersion.split(separator: "/", maxSplits: 1)
        let group = parts.count == 2 ? String(parts[0]) : ""
        return known.first { $0.kind == kind && $0.group == group }
    }

    private static let shortNames: [(String, ResourceType)] = [
        ("po", .pods), ("svc", .services), ("ep", .endpoints), ("cm", .configMaps), ("ev", .events), ("pvc", .persistentVolumeClaims),
        ("sa", .serviceAccounts), ("quota", .resourceQuotas), ("limits", .limitRanges), ("rc", .replicationControllers),
        ("pv", .persistentVolumes), ("no", .nodes), ("ns", .namespaces), ("deploy", .deployments), ("rs", .replicaSets),
        ("sts", .statefulSets), ("ds", .daemonSets), ("cj", .cronJobs), ("hpa", .horizontalPodAutoscalers),
        ("pdb", .podDisruptionBudgets), ("ing", .ingresses), ("netpol", .networkPolicies), ("sc", .storageClasses),
        ("pc", .priorityClasses), ("crd", .customResourceDefinitions),
    ]

    private static let byName: [String: ResourceType] = {
        var result: [String: ResourceType] = [:]
        for type in known {
            let singular = type.kind.lowercased()
            let names = [type.plural, type.description, singular, type.group.isEmpty ? singular : "\(singular).\(type.group)"]
            for name in names where result[name] == nil { result[name] = type }
        }
        for (name, type) in shortNames { result[name] = type }
        return result
    }()

    private init(_ group: String, _ plural: String, _ kind: String, version: String = "v1", namespaced: Bool = true) {
        self.init(group: group, version: version, plural: plural, kind: kind, isNamespaced: namespaced)
    }
}
