import Core
import Kubernetes

/// ClusterRoles that are made of others, by label (pkg/controller/clusterroleaggregation).
enum AggregatedRoles {
    /// Gives every such role the rules of those that it selects, by their names. A role may be made of roles that are themselves made.
    static func refresh(_ store: inout ObjectStore, now: Timestamp) {
        let count = store.count(.clusterRoles)
        for _ in 0..<max(1, count) where !refreshOnce(&store, now: now) { return }
    }

    /// Whether a role has changed.
    private static func refreshOnce(_ store: inout ObjectStore, now: Timestamp) -> Bool {
        let roles = store.list(.clusterRoles, namespace: nil)
        var isChanged = false
        for role in roles {
            guard let selectors = role[at: "aggregationRule", "clusterRoleSelectors"]?.array else { continue }
            let name = role[at: "metadata", "name"]?.string ?? ""
            var rules: [JSON] = []
            for selector in selectors {
                let wanted = Selectors.labelSelector(selector)
                for other in roles where other[at: "metadata", "name"]?.string != name {
                    guard wanted.matches(other[at: "metadata", "labels"]?.stringMap ?? [:]) else { continue }
                    for rule in other["rules"]?.array ?? [] where !rules.contains(rule) { rules.append(rule) }
                }
            }
            guard rules != role["rules"]?.array ?? [] else { continue }
            var changed = role
            changed["rules"] = rules.isEmpty ? .null : .array(rules)
            changed[at: "metadata", "resourceVersion"] = nil
            let key = ObjectKey(type: .clusterRoles, namespace: "", name: name)
            isChanged = (try? store.update(changed, key: key, now: now)) != nil || isChanged
        }
        return isChanged
    }
}
