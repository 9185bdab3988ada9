import Core
import Kubernetes

/// What Martlet asks of a cluster, and why: exactly what it requests, and what `deploy/kubernetes` grants.
struct RequiredAccess: Hashable {
    enum Purpose: String {
        /// Diagnosis is blind or wrong without it.
        case diagnose
        /// More can be said with it.
        case detail
        /// Needed by actions, with the credentials for acting.
        case act
        /// To watch error rates. It opens every HTTP page of every pod, so it is nobody's by default.
        case errorRate
    }

    let type: ResourceType
    var subresource: String?
    let verbs: [String]
    let purpose: Purpose

    init(_ type: ResourceType, subresource: String? = nil, verbs: [String] = ["list", "watch"], _ purpose: Purpose) {
        self.type = type
        self.subresource = subresource
        self.verbs = verbs
        self.purpose = purpose
    }

    var resource: String { type.plural + (subresource.map { "/\($0)" } ?? "") }

    /// - Parameter readsSecrets: whether the cluster is configured with `secrets: keys`.
    static func all(readsSecrets: Bool = false) -> [RequiredAccess] {
        let followed: [ResourceType] = [
            .pods, .events, .nodes, .services, .configMaps, .persistentVolumeClaims, .resourceQuotas, .replicaSets, .jobs, .cronJobs,
            .endpointSlices,
        ]
        // The workload that a plan is for is looked at by its name, and a cluster is known by the uid of one namespace.
        let followedAndNamed: [ResourceType] = [.namespaces, .deployments, .statefulSets, .daemonSets]
        let useful: [ResourceType] = [
            .serviceAccounts, .limitRanges, .persistentVolumes, .horizontalPodAutoscalers, .podDisruptionBudgets, .ingresses,
            .networkPolicies, .controllerRevisions,
            .ingressClasses, .storageClasses, .leases, .apiServices, .validatingWebhookConfigurations, .mutatingWebhookConfigurations,
        ]
        let onlyListed: [ResourceType] = [.priorityClasses, .roles, .roleBindings, .clusterRoles, .clusterRoleBindings, .podMetrics]
        var all = followed.map { RequiredAccess($0, .diagnose) }
        all += followedAndNamed.map { RequiredAccess($0, verbs: ["get", "list", "watch"], .diagnose) }
        all.append(RequiredAccess(.pods, subresource: "log", verbs: ["get"], .diagnose))
        all += useful.map { RequiredAccess($0, .detail) }
        all += onlyListed.map { RequiredAccess($0, verbs: ["list"], .detail) }
        if readsSecrets { all.append(RequiredAccess(.secrets, .detail)) }
        all.append(RequiredAccess(.deployments, verbs: ["patch"], .act))
        all.append(RequiredAccess(.pods, subresource: "proxy", verbs: ["get"], .errorRate))
        return all
    }

    /// One question for each verb.
    func questions(namespace: String?) -> [AccessQuestion] {
        verbs.map { AccessQuestion($0, type, subresource: subresource, namespace: type.isNamespaced ? namespace : nil) }
    }
}
