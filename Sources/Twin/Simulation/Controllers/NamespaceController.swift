import Core
import Kubernetes

/// Gives a namespace what every namespace has, and empties one that is being deleted.
enum NamespaceController {
    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let namespace = world.store.get(key) else { return }
        guard namespace.isBeingDeleted else { return furnish(namespace, &world) }
        var left = 0
        var remaining = NamespaceConditions()
        for type in world.store.types where type.isNamespaced {
            for object in world.store.list(type, namespace: key.name) {
                left += 1
                let own = ObjectKey(type: type, namespace: key.name, name: object.metadataName)
                if !object.isBeingDeleted { world.delete(own) }
                if let kept = world.store.get(own) { remaining.add(kept, type) }
            }
        }
        if left == 0 {
            var done = namespace
            done[at: "spec", "finalizers"] = []
            _ = try? world.store.update(done, key: key, subresource: .finalize, now: world.now)
        } else {
            var changed = namespace
            changed[at: "status", "phase"] = "Terminating"
            changed[at: "status", "conditions"] = .array(
                remaining.conditions(namespace["status"]?["conditions"]?.array ?? [], now: world.now))
            if changed["status"] != namespace["status"] { world.writeStatus(changed, key) }
            world.enqueue(.namespace, key, after: .seconds(1))
        }
    }

    private static func furnish(_ namespace: JSON, _ world: inout World) {
        let name = namespace.metadataName
        if namespace["status"]?["phase"] == nil {
            var changed = namespace
            changed[at: "status", "phase"] = "Active"
            world.writeStatus(changed, ObjectKey(type: .namespaces, namespace: "", name: name))
        }
        if world.store.get(ObjectKey(type: .serviceAccounts, namespace: name, name: "default")) == nil {
            _ = try? world.create(
                ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default", "namespace": .string(name)]],
                type: .serviceAccounts)
        }
        if world.store.get(ObjectKey(type: .configMaps, namespace: name, name: "kube-root-ca.crt")) == nil {
            _ = try? world.create(
                [
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": [
                        "name": "kube-root-ca.crt", "namespace": .string(name),
                        "annotations": [
                            "kubernetes.io/description":
                                "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."
                        ],
                    ],
                    "data": ["ca.crt": ""],
                ], type: .configMaps)
        }
    }
}

/// Deletes what belonged to an object that is gone (k8s.io/kubernetes/pkg/controller/garbagecollector).
enum GarbageCollector {
    /// An owner went: its dependants go, unless another owner lives.
    static func ownerGone(_ uid: String, _ world: inout World) {
        for key in world.index.dependants(of: uid) {
            let others = world.index.owners(of: key).filter { $0 != uid && world.index.uids[$0] != nil }
            if others.isEmpty { world.delete(key) }
        }
    }

    /// Foreground and orphaning deletions wait on finalizers that this part removes.
    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard var object = world.store.get(key), object.isBeingDeleted else { return }
        var finalizers = object["metadata"]?["finalizers"]?.array ?? []
        if finalizers.contains("orphan") {
            for dependant in world.index.dependants(of: object.uid) {
                guard var child = world.store.get(dependant) else { continue }
                let left = (child["metadata"]?["ownerReferences"]?.array ?? []).filter { $0["uid"]?.string != object.uid }
                child[at: "metadata", "ownerReferences"] = JSON.unlessEmpty(left)
                world.write(child, dependant)
            }
            finalizers.removeAll { $0 == "orphan" }
        } else if finalizers.contains("foregroundDeletion") {
            let dependants = world.index.dependants(of: object.uid)
            for dependant in dependants where world.store.get(dependant)?.isBeingDeleted == false {
                world.delete(dependant, propagation: .foreground)
            }
            guard dependants.isEmpty else { return }
            finalizers.removeAll { $0 == "foregroundDeletion" }
        } else {
            return
        }
        object[at: "metadata", "finalizers"] = JSON.unlessEmpty(finalizers)
        world.write(object, key)
    }
}
