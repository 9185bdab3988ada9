import Core
import Kubernetes

/// Keeps the status of ResourceQuotas: what a namespace may have and what it has.
enum QuotaController {
    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let quota = world.store.get(key), let hard = quota["spec"]?["hard"] else { return }
        let status: JSON = ["hard": hard, "used": Quota.used(of: quota, in: key.namespace, world.store)]
        guard status != quota["status"] else { return }
        var changed = quota
        changed["status"] = status
        world.writeStatus(changed, key)
    }

    /// A change in a namespace changes what its quotas say is used.
    static func note(_ change: StoreChange, _ world: inout World) {
        guard world.store.count(.resourceQuotas) > 0, change.key.type.isNamespaced else { return }
        let isCounted = change.kind != .modified || change.key.type == .resourceQuotas || change.key.type == .services
        let hasFinished = change.key.type == .pods && change.previous?["status"]?["phase"] != change.object["status"]?["phase"]
        guard isCounted || hasFinished else { return }
        for quota in world.store.list(.resourceQuotas, namespace: change.key.namespace) {
            world.enqueue(.quota, ObjectKey(type: .resourceQuotas, namespace: change.key.namespace, name: quota.metadataName))
        }
    }
}
