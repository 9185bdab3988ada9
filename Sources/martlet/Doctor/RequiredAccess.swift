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

/// The RBAC that would grant what is missing, ready for `kubectl apply -f -`.
enum MissingAccessManifest {
    /// `user` is the subject as the server knows it.
    static func yaml(_ missing: [RequiredAccess], user: String, namespace: String?, name: String = "martlet-missing") -> String {
        // Nothing outside namespaces can be granted by a Role.
        let needsCluster = namespace == nil || missing.contains { !$0.type.isNamespaced }
        var documents: [JSON] = []
        if needsCluster {
            let rules = namespace == nil ? missing : missing.filter { !$0.type.isNamespaced }
            documents += grant("ClusterRole", "ClusterRoleBinding", name, nil, rules, user)
        }
        if let namespace { documents += grant("Role", "RoleBinding", name, namespace, missing.filter(\.type.isNamespaced), user) }
        return documents.map(\.yaml).joined(separator: "\n---\n")
    }

    private static func grant(
        _ role: String, _ binding: String, _ name: String, _ namespace: String?, _ missing: [RequiredAccess], _ user: String
    ) -> [JSON] {
        guard !missing.isEmpty else { return [] }
        var metadata: JSON = ["name": .string(name)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        var groups: [String: [String: Set<String>]] = [:]
        for access in missing { groups[access.type.group, default: [:]][access.resource, default: []].formUnion(access.verbs) }
        var rules: [JSON] = []
        for group in groups.keys.sorted() {
            // Resources that need the same verbs share a rule.
            let byVerbs = Dictionary(grouping: groups[group, default: [:]]) { $0.value.sorted() }
            for verbs in byVerbs.keys.sorted(by: { $0.joined() < $1.joined() }) {
                rules.append([
                    "apiGroups": [.string(group)], "resources": JSON(byVerbs[verbs, default: []].map(\.key).sorted()), "verbs": JSON(verbs),
                ])
            }
        }
        let api = "rbac.authorization.k8s.io"
        return [
            ["apiVersion": "\(api)/v1", "kind": .string(role), "metadata": metadata, "rules": .array(rules)],
            [
                "apiVersion": "\(api)/v1", "kind": .string(binding), "metadata": metadata,
                "roleRef": ["apiGroup": .string(api), "kind": .string(role), "name": .string(name)],
                "subjects": [subject(user)],
            ],
        ]
    }

    private static func subject(_ user: String) -> JSON {
        let parts = user.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" {
            return ["kind": "ServiceAccount", "name": .string(String(parts[3])), "namespace": .string(String(parts[2]))]
        }
        return ["kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": .string(user)]
    }
}
