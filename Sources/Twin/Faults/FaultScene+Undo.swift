import Core
import Kubernetes

/// How a fault is taken back.
extension FaultScene {
    mutating func revert(_ steps: [Undo]) {
        for step in steps.reversed() {
            switch step {
            case .pull(let image): simulation.set(pull: nil, of: image)
            case .made(let key): _ = try? store.delete(key, options: DeleteOptions(propagation: .background), now: now)
            case .part(let part): simulation.set(part, isRunning: true)
            case .trouble(let trouble, let node): simulation.set(trouble, of: node, isOn: false)
            case .disturbance(let before, let key): simulation.set(before, on: key)
            case .programs(let pods): simulation.mend(pods, at: now)
            case .flaw(let id): simulation.remove(flaw: id, in: store, at: now)
            case .outside(let host): simulation.set(nil, of: host)
            case .revisions(let key, let kept):
                for revision in revisions(of: key) where !kept.contains(revision.name) {
                    _ = try? store.delete(revision, options: DeleteOptions(propagation: .background), now: now)
                }
            case .held(let key): release(key)
            case .deleted(let key, let object): restore(object, key)
            case .field(let key, let path, let value):
                if let object = store.get(key) { write(path, value, key, object) }
            }
        }
    }

    /// Nothing holds an object any more that is being deleted.
    private mutating func release(_ key: ObjectKey) {
        guard var object = store.get(key), object.isBeingDeleted else { return }
        object[at: "metadata", "finalizers"] = nil
        object[at: "metadata", "resourceVersion"] = nil
        _ = try? store.update(object, key: key, now: now)
        _ = try? store.delete(key, options: DeleteOptions(gracePeriodSeconds: 0), now: now)
    }

    /// An object that still waits to go is again what it was; one that is gone is made anew.
    private mutating func restore(_ object: JSON, _ key: ObjectKey) {
        if let found = store.get(key) {
            guard found.isBeingDeleted, found.uid == object.uid else { return }
            release(key)
            _ = try? store.restore(object, type: key.type, now: now)
        } else {
            var fresh = object
            fresh["status"] = nil
            fresh[at: "spec", "volumeName"] = nil
            fresh[at: "metadata", "annotations"] = nil
            _ = try? store.create(Defaults.apply(fresh, type: key.type), type: key.type, now: now)
        }
    }
}
