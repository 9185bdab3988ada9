import Core
import Kubernetes

/// Takes pods from nodes with a taint that they do not tolerate, or no longer (taint-eviction controller).
enum TaintEviction {
    static let component = "taint-eviction-controller"

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let entry = world.index.pods[key], let node = world.nodes[entry.node], entry.isActive, let pod = world.store.get(key) else {
            return
        }
        let taints = node.taints.filter { $0.effect == "NoExecute" }
        guard !taints.isEmpty else { return cancel(entry, pod, &world) }
        let tolerations = (pod["spec"]?["tolerations"]?.array ?? []).map(Toleration.init)
        let used = tolerations.filter { toleration in taints.contains { toleration.tolerates($0) } }
        guard taints.allSatisfy({ taint in used.contains { $0.tolerates(taint) } }) else { return evict(entry, pod, &world) }
        // The shortest of the tolerations that are used counts; without a time it is for ever.
        guard let seconds = used.compactMap(\.seconds).min() else { return cancel(entry, pod, &world) }
        let since = world.evictions[entry.uid] ?? world.now
        world.evictions[entry.uid] = since
        let due = since + .seconds(max(0, seconds))
        if due <= world.now { return evict(entry, pod, &world) }
        world.queue.put(.work(Work(controller: .taintEviction, key: key)), at: due)
    }

    private static func evict(_ entry: PodEntry, _ pod: JSON, _ world: inout World) {
        world.evictions[entry.uid] = nil
        world.record(
            EventSubject(pod), "Normal", "TaintManagerEviction", ControllerTexts.markedForDeletion(entry.key.namespace, entry.key.name),
            component: component)
        var changed = pod
        PodConditions.set(
            [
                "type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager",
                "message": .string(ControllerTexts.deletedByTaint()),
            ], on: &changed, now: world.now)
        world.writeStatus(changed, entry.key)
        world.delete(entry.key)
    }

    private static func cancel(_ entry: PodEntry, _ pod: JSON, _ world: inout World) {
        guard world.evictions.removeValue(forKey: entry.uid) != nil else { return }
        world.record(
            EventSubject(pod), "Normal", "TaintManagerEviction",
            ControllerTexts.deletionCancelled(entry.key.namespace, entry.key.name), component: component)
    }

    /// Asks for a look at the pods of a node.
    static func note(_ node: String, _ world: inout World) {
        for pod in world.index.pods(onNode: node) { world.enqueue(.taintEviction, pod.key) }
    }
}
