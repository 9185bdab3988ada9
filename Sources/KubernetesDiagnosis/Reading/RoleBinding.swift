import Core
import Kubernetes

/// A RoleBinding or ClusterRoleBinding: which role, and which service accounts have it.
struct RoleBinding: Sendable {
    /// A role by its kind and place; of a ClusterRole the namespace is empty.
    struct Role: Sendable, Hashable {
        let kind: String, namespace: String, name: String

        func isOf(_ object: KubernetesObject) -> Bool {
            object.kind == kind && object.metadata.name == name && object.metadata.namespace == namespace
        }
    }

    let role: Role
    let isOfCluster: Bool
    private let namespace: String
    private let accounts: [(namespace: String, name: String)]

    /// Nil for what is no binding of a role.
    init?(_ object: KubernetesObject) {
        guard let json = try? object.json(), let kind = json[at: "roleRef", "kind"]?.string, let name = json[at: "roleRef", "name"]?.string
        else { return nil }
        let namespace = object.metadata.namespace
        self.namespace = namespace
        isOfCluster = object.kind == "ClusterRoleBinding"
        role = Role(kind: kind, namespace: kind == "Role" ? namespace : "", name: name)
        accounts = (json["subjects"]?.array ?? []).compactMap { subject in
            guard subject["kind"] == "ServiceAccount", let name = subject["name"]?.string else { return nil }
            return (subject["namespace"]?.string ?? namespace, name)
        }
    }

    /// Whether it gives the role to a service account where the account lives.
    func binds(_ account: String, in namespace: String) -> Bool {
        (isOfCluster || self.namespace == namespace) && accounts.contains { $0.name == account && $0.namespace == namespace }
    }

    /// Whether it gives the role to any service account of a namespace.
    func binds(anyOf namespaces: [String]) -> Bool { accounts.contains { namespaces.contains($0.namespace) } }
}
