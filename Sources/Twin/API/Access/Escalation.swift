import Core
import Kubernetes

/// Nobody grants rights that they do not hold (pkg/registry/rbac policybased storage, pkg/registry/rbac/validation): a role says no more
/// than its writer may, and a binding binds no role that its writer does not hold, unless the verbs `escalate` and `bind` allow it.
enum Escalation {
    /// Refuses a role or a binding that gives more than its writer has. `object`: as it would be stored; `old`: what it was.
    static func check(_ object: JSON, old: JSON?, _ key: ObjectKey, by user: UserInfo, _ store: ObjectStore) throws(APIFailure) {
        guard key.type.group == rbac, !user.groups.contains("system:masters") else { return }
        let authorizer = Authorizer(store: store)
        let wanted: [JSON]
        switch key.type {
        case .roles, .clusterRoles:
            let request = AccessRequest(
                verb: "escalate", group: rbac, resource: key.type.plural, namespace: key.namespace, name: key.name)
            if authorizer.allows(user, request) || isOnlyCollected(object, old) { return }
            // What an aggregation gathers may be anything.
            let gathers = object[at: "aggregationRule", "clusterRoleSelectors"]?.array?.isEmpty == false
            wanted = gathers ? everything : object["rules"]?.array ?? []
        case .roleBindings, .clusterRoleBindings:
            let reference = object["roleRef"]
            let isCluster = reference?["kind"] == "ClusterRole"
            let role = ObjectKey(
                type: isCluster ? .clusterRoles : .roles, namespace: isCluster ? "" : key.namespace, name: reference?["name"]?.string ?? "")
            let request = AccessRequest(
                verb: "bind", group: rbac, resource: role.type.plural, namespace: key.namespace, name: role.name)
            if isOnlyCollected(object, old) || authorizer.allows(user, request) { return }
            guard let found = store.get(role) else { throw APIFailure.notFound(role) }
            wanted = found["rules"]?.array ?? []
        default: return
        }
        let held = authorizer.rules(of: user, namespace: key.namespace)
        let missing = wanted.flatMap(RuleAtom.atoms).filter { atom in !held.contains { atom.isCovered(by: $0) } }
        if missing.isEmpty { return }
        let groups = user.groups.map { JSON.string($0).text() }.joined(separator: " ")
        throw APIFailure.forbidden(
            key,
            "user \(JSON.string(user.name).text()) (groups=[\(groups)]) is attempting to grant RBAC permissions not currently held:\n"
                + RuleAtom.texts(missing).joined(separator: "\n"))
    }

    private static let rbac = "rbac.authorization.k8s.io"
    private static let everything: [JSON] = [
        ["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]], ["verbs": ["*"], "nonResourceURLs": ["*"]],
    ]

    /// Whether a change touches nothing but what the garbage collector writes.
    private static func isOnlyCollected(_ object: JSON, _ old: JSON?) -> Bool {
        guard var old else { return false }
        var object = object
        for field in ["ownerReferences", "finalizers", "managedFields", "resourceVersion"] {
            object[at: "metadata", field] = nil
            old[at: "metadata", field] = nil
        }
        return object == old
    }
}

/// One right of a rule: one verb on one resource of one group, or on one path.
struct RuleAtom: Equatable {
    var verb: String
    var group = ""
    var resource = ""
    /// Empty: any.
    var name = ""
    /// Set for paths that are no resource.
    var path: String?

    /// All that a rule gives.
    static func atoms(of rule: JSON) -> [RuleAtom] {
        func list(_ field: String) -> [String] { (rule[field]?.array ?? []).compactMap(\.string) }
        let names = list("resourceNames").isEmpty ? [""] : list("resourceNames")
        var out: [RuleAtom] = []
        for group in list("apiGroups") {
            for resource in list("resources") {
                for verb in list("verbs") {
                    out += names.map { RuleAtom(verb: verb, group: group, resource: resource, name: $0) }
                }
            }
        }
        for path in list("nonResourceURLs") { out += list("verbs").map { RuleAtom(verb: $0, path: path) } }
        return out
    }

    func isCovered(by rule: JSON) -> Bool {
        func has(_ field: String, _ value: String) -> Bool {
            (rule[field]?.array ?? []).contains { $0.string == value || $0 == "*" }
        }
        guard has("verbs", verb) else { return false }
        if let path {
            return (rule["nonResourceURLs"]?.array ?? []).compactMap(\.string).contains {
                $0 == path || $0.hasSuffix("*") && path.hasPrefix($0.dropLast())
            }
        }
        let part = resource.split(separator: "/", maxSplits: 1).dropFirst().first
        let names = rule["resourceNames"]?.array ?? []
        return has("apiGroups", group) && (has("resources", resource) || part.map { has("resources", "*/\($0)") } ?? false)
            && (names.isEmpty || !name.isEmpty && names.contains { $0.string == name })
    }

    /// Rights in the words of the real server: those of one resource are one rule.
    static func texts(_ atoms: [RuleAtom]) -> [String] {
        var rules: [(atom: RuleAtom, verbs: [String])] = []
        for atom in atoms {
            func isSame(_ other: RuleAtom) -> Bool {
                var other = other
                other.verb = atom.verb
                return atom.path == nil && other == atom
            }
            if let i = rules.firstIndex(where: { isSame($0.atom) }) {
                rules[i].verbs.append(atom.verb)
            } else {
                rules.append((atom, [atom.verb]))
            }
        }
        func quoted(_ texts: [String]) -> String { "[" + texts.map { JSON.string($0).text() }.joined(separator: " ") + "]" }
        let texts = rules.map { rule -> String in
            let atom = rule.atom
            var parts: [String] = []
            if let path = atom.path {
                parts.append("NonResourceURLs:\(quoted([path]))")
            } else {
                parts += ["APIGroups:\(quoted([atom.group]))", "Resources:\(quoted([atom.resource]))"]
                if !atom.name.isEmpty { parts.append("ResourceNames:\(quoted([atom.name]))") }
            }
            return "{" + (parts + ["Verbs:\(quoted(rule.verbs))"]).joined(separator: ", ") + "}"
        }
        return Set(texts).sorted()
    }
}
