import Core
import Kubernetes

/// What somebody wants to do.
struct AccessRequest: Sendable, Equatable {
    var verb: String
    var group = ""
    var resource = ""
    var subresource = ""
    var namespace = ""
    var name = ""
    /// Set for paths that are no resource.
    var path: String?

    var fullResource: String { subresource.isEmpty ? resource : "\(resource)/\(subresource)" }
}

/// Role-based access control over the roles and bindings of the store (kubernetes.io "Using RBAC Authorization").
struct Authorizer {
    let store: ObjectStore

    func allows(_ user: UserInfo, _ request: AccessRequest) -> Bool { reason(user, request) != nil }

    /// Why somebody may, in the words of the real server (plugin/pkg/auth/authorizer/rbac); empty for an administrator, nil for a no.
    func reason(_ user: UserInfo, _ request: AccessRequest) -> String? {
        if user.groups.contains("system:masters") { return "" }
        for grant in grants(to: user, namespace: request.namespace) where grant.rules.contains(where: { Authorizer.covers($0, request) }) {
            return grant.text
        }
        return nil
    }

    /// The rules that bind a user in a namespace, cluster-wide ones first.
    func rules(of user: UserInfo, namespace: String) -> [JSON] { grants(to: user, namespace: namespace).flatMap(\.rules) }

    /// What one binding gives to somebody.
    private struct Grant {
        let binding: JSON
        let subject: JSON
        let rules: [JSON]

        /// `RBAC: allowed by RoleBinding "b/shop" of Role "r" to User "ana"`.
        var text: String {
            func text(_ path: String...) -> String { binding[path: path[...]]?.string ?? "" }
            let home = text("metadata", "namespace")
            let name = text("metadata", "name") + (home.isEmpty ? "" : "/\(home)")
            let kind = subject["kind"]?.string ?? ""
            let account = kind == "ServiceAccount" ? "/\(subject["namespace"]?.string ?? home)" : ""
            return "RBAC: allowed by \(home.isEmpty ? "ClusterRoleBinding" : "RoleBinding") \"\(name)\" of \(text("roleRef", "kind")) "
                + "\"\(text("roleRef", "name"))\" to \(kind) \"\(subject["name"]?.string ?? "")\(account)\""
        }
    }

    private func grants(to user: UserInfo, namespace: String) -> [Grant] {
        var out: [Grant] = []
        for binding in store.list(.clusterRoleBindings, namespace: nil) {
            guard let subject = subject(of: binding, user, home: "") else { continue }
            out.append(Grant(binding: binding, subject: subject, rules: roleRules(binding["roleRef"], namespace: "")))
        }
        if !namespace.isEmpty {
            for binding in store.list(.roleBindings, namespace: namespace) {
                guard let subject = subject(of: binding, user, home: namespace) else { continue }
                out.append(Grant(binding: binding, subject: subject, rules: roleRules(binding["roleRef"], namespace: namespace)))
            }
        }
        return out
    }

    /// Under which name a binding binds somebody; nil when it does not.
    private func subject(of binding: JSON, _ user: UserInfo, home: String) -> JSON? {
        (binding["subjects"]?.array ?? []).first { subject in
            let name = subject["name"]?.string ?? ""
            return switch subject["kind"]?.string {
            case "User": name == user.name
            case "Group": user.groups.contains(name)
            case "ServiceAccount": user.name == "system:serviceaccount:\(subject["namespace"]?.string ?? home):\(name)"
            default: false
            }
        }
    }

    private func roleRules(_ reference: JSON?, namespace: String) -> [JSON] {
        let isCluster = reference?["kind"] == "ClusterRole"
        let key = ObjectKey(
            type: isCluster ? .clusterRoles : .roles, namespace: isCluster ? "" : namespace, name: reference?["name"]?.string ?? "")
        return store.get(key)?["rules"]?.array ?? []
    }

    private static func covers(_ rule: JSON, _ request: AccessRequest) -> Bool {
        func has(_ field: String, _ value: String) -> Bool {
            (rule[field]?.array ?? []).contains { $0.string == value || $0 == "*" }
        }
        guard has("verbs", request.verb) else { return false }
        if let path = request.path {
            return (rule["nonResourceURLs"]?.array ?? []).compactMap(\.string).contains {
                $0 == path || $0.hasSuffix("*") && path.hasPrefix($0.dropLast())
            }
        }
        guard has("apiGroups", request.group),
            has("resources", request.fullResource) || !request.subresource.isEmpty && has("resources", "*/\(request.subresource)")
        else { return false }
        let names = rule["resourceNames"]?.array ?? []
        return names.isEmpty || names.contains { $0.string == request.name }
    }

    /// 403 in the words of the real server.
    static func refusal(_ user: UserInfo, _ request: AccessRequest) -> APIFailure {
        if let path = request.path {
            return APIFailure(
                403, "Forbidden", "forbidden: User \"\(user.name)\" cannot \(request.verb) path \"\(path)\"", hasDetails: true)
        }
        let scope = request.namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(request.namespace)\""
        let what = request.group.isEmpty ? request.resource : "\(request.resource).\(request.group)"
        return APIFailure(
            403, "Forbidden",
            "\(what)\(request.name.isEmpty ? "" : " \"\(request.name)\"") is forbidden: User \"\(user.name)\" cannot \(request.verb) resource "
                + "\"\(request.fullResource)\" in API group \"\(request.group)\" \(scope)",
            name: request.name, group: request.group, kind: request.resource)
    }
}
