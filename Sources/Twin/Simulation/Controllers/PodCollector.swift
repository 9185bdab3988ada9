import Core
import Kubernetes

/// Takes pods away whose node is no more (pod garbage collector, gcOrphaned).
enum PodCollector {
    /// How long a node must have been missing.
    private static let quarantine = Duration.seconds(40)

    /// Asks for a look at a pod on a node that is not there. A cluster of which no node is known has none to miss.
    static func note(_ key: ObjectKey, on node: String, _ world: inout World) {
        guard !node.isEmpty, world.nodes[node] == nil, !world.nodes.names.isEmpty else { return }
        world.enqueue(.podCollector, key, after: quarantine)
    }

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let entry = world.index.pods[key], !entry.node.isEmpty, world.nodes[entry.node] == nil, !world.nodes.names.isEmpty,
            var pod = world.store.get(key)
        else { return }
        if !entry.isFinished {
            pod[at: "status", "phase"] = "Failed"
            PodConditions.set(
                [
                    "type": "DisruptionTarget", "status": "True", "reason": "DeletionByPodGC",
                    "message": .string(ControllerTexts.nodeIsGone()),
                ], on: &pod, now: world.now)
            world.writeStatus(pod, key)
        }
        world.delete(key, grace: 0)
    }
}
