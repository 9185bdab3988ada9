import Core
import Kubernetes

/// Fills ClusterRoles that gather the rules of others by their labels (pkg/controller/clusterroleaggregation).
enum RoleAggregation {
    /// A ClusterRole has come, changed or gone: those that may gather it are looked at.
    static func note(_ world: inout World) {
        for role in world.store.list(.clusterRoles, namespace: nil) where role[at: "aggregationRule", "clusterRoleSelectors"] != nil {
            world.enqueue(.roleAggregation, ObjectKey(type: .clusterRoles, namespace: "", name: role.metadataName))
        }
    }

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard var role = world.store.get(key), !role.isBeingDeleted,
            let selectors = role[at: "aggregationRule", "clusterRoleSelectors"]?.array
        else { return }
        // Roles that every cluster has, and those copied from another one, hold what was gathered there from roles that may not be here.
        let isOwn = role[at: "metadata", "managedFields"] != nil
        var rules = isOwn ? [] : role["rules"]?.array ?? []
        for selector in selectors {
            guard let selection = Selection(selector) else { continue }
            for other in world.store.list(.clusterRoles, namespace: nil)
            where other.metadataName != key.name && selection.matches(other.labels) {
                for rule in other["rules"]?.array ?? [] where !rules.contains(rule) { rules.append(rule) }
            }
        }
        guard rules != role["rules"]?.array ?? [] else { return }
        role["rules"] = .array(rules)
        world.write(role, key)
    }
}
