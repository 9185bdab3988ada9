import Core
import Kubernetes

/// What may not be done of what is required, and where.
struct MissingAccess {
    /// What is required.
    let access: RequiredAccess
    /// Those of its verbs that are not allowed.
    let verbs: [String]
    /// Nil: in the whole cluster, or of what stands in no namespace.
    let namespace: String?

    init(_ access: RequiredAccess, verbs: [String], namespace: String?) {
        self.access = access
        self.verbs = verbs
        self.namespace = namespace
    }

    /// `list, watch deployments (apps)`.
    func text(namesNamespace: Bool) -> String {
        let group = access.type.group.isEmpty ? "" : " (\(access.type.group))"
        let place = namesNamespace ? namespace.map { " in \($0)" } ?? "" : ""
        return "\(verbs.joined(separator: ", ")) \(access.resource)\(group)\(place)"
    }
}

/// The RBAC that would grant what is missing, ready for `kubectl apply -f -`.
enum MissingAccessManifest {
    /// `user` is the subject as the server knows it.
    static func yaml(_ missing: [MissingAccess], user: String, name: String = "martlet-missing") -> String {
        // Nothing outside namespaces can be granted by a Role.
        var documents = grant("ClusterRole", "ClusterRoleBinding", name, nil, missing.filter { $0.namespace == nil }, user)
        for namespace in Set(missing.compactMap(\.namespace)).sorted() {
            documents += grant("Role", "RoleBinding", name, namespace, missing.filter { $0.namespace == namespace }, user)
        }
        return documents.map(\.yaml).joined(separator: "\n---\n")
    }

    private static func grant(
        _ role: String, _ binding: String, _ name: String, _ namespace: String?, _ missing: [MissingAccess], _ user: String
    ) -> [JSON] {
        guard !missing.isEmpty else { return [] }
        var metadata: JSON = ["name": .string(name)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        var groups: [String: [String: Set<String>]] = [:]
        for lack in missing { groups[lack.access.type.group, default: [:]][lack.access.resource, default: []].formUnion(lack.verbs) }
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
