import Core
import Kubernetes

/// Keeps as many pods as a ReplicaSet wants (k8s.io/kubernetes/pkg/controller/replicaset).
enum ReplicaSetController {
    static let component = "replicaset-controller"

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        world.pendingOwners.remove(key)
        guard let set = world.store.get(key) else { return }
        adopt(set, &world)
        let pods = world.index.pods(ownedBy: set.uid)
        let active = pods.filter(\.isActive)
        let wanted = set["spec"]?["replicas"]?.int ?? 1
        var failure: APIFailure?
        if !set.isBeingDeleted {
            if active.count < wanted {
                let count = world.allowance(wanted - active.count, of: set.uid, Work(controller: .replicaSet, key: key))
                failure = create(count, of: set, &world)
                // The new pods bring this set here again, which then writes its status.
                if failure == nil, count > 0 { return }
                if failure != nil { world.bursts[set.uid] = nil }
            } else if active.count > wanted {
                let victims = rank(active, &world).prefix(min(active.count - wanted, World.burst))
                for pod in victims {
                    world.delete(pod.key)
                    world.record(
                        EventSubject(set), "Normal", "SuccessfulDelete", ControllerTexts.deletedPod(pod.key.name), component: component)
                }
                return
            }
        }
        writeStatus(set, key, pods: pods, failure: failure, &world)
        if failure != nil {
            let attempt = min(world.retries[key, default: 0], 17)
            world.retries[key] = attempt + 1
            world.enqueue(.replicaSet, key, after: .milliseconds(min(1_000_000, 5 << attempt)))
        } else {
            world.retries[key] = nil
        }
    }

    /// Creates pods in batches that double, and stops with the first batch that meets a refusal (slowStartBatch).
    private static func create(_ count: Int, of set: JSON, _ world: inout World) -> APIFailure? {
        let pod = PodControl.pod(from: set["spec"]?["template"] ?? [:], owner: set)
        var left = count
        var batch = 1
        while left > 0 {
            var failure: APIFailure?
            for _ in 0..<min(batch, left) {
                do {
                    let created = try world.create(pod, type: .pods)
                    world.record(
                        EventSubject(set), "Normal", "SuccessfulCreate", ControllerTexts.createdPod(created.metadataName),
                        component: component)
                } catch {
                    if error.reason == "NotFound"
                        || world.store.get(ObjectKey(type: .namespaces, namespace: "", name: set.metadataNamespace))?
                            .isBeingDeleted == true
                    {
                        return error
                    }
                    world.record(
                        EventSubject(set), "Warning", "FailedCreate", ControllerTexts.failedCreate(error.message), component: component)
                    failure = error
                }
            }
            if let failure { return failure }
            left -= min(batch, left)
            batch *= 2
        }
        return nil
    }

    /// Which pods go first: without a node, pending, not ready, on nodes with many siblings, ready for less long, more restarts, younger
    /// (controller.ActivePodsWithRanks).
    private static func rank(_ pods: [PodEntry], _ world: inout World) -> [PodEntry] {
        var siblings: [String: Int] = [:]
        for pod in pods { siblings[pod.node, default: 0] += 1 }
        let phases = ["Pending": 0, "Unknown": 1, "Running": 2]
        func cost(_ pod: PodEntry) -> [Int64] {
            [
                pod.node.isEmpty ? 0 : 1, Int64(phases[pod.phase] ?? 2), pod.isReady ? 1 : 0, Int64(-siblings[pod.node, default: 0]),
                pod.isReady ? -pod.readySince.nanoseconds : 0, Int64(-pod.restarts), -pod.created.nanoseconds,
            ]
        }
        return pods.map { (pod: $0, cost: cost($0)) }.sorted {
            $0.cost == $1.cost ? $0.pod.key.name > $1.pod.key.name : $0.cost.lexicographicallyPrecedes($1.cost)
        }.map(\.pod)
    }

    /// Takes in pods without a controller that the selector matches.
    private static func adopt(_ set: JSON, _ world: inout World) {
        guard !set.isBeingDeleted, let selection = Selection(set["spec"]?["selector"]) else { return }
        for orphan in world.index.orphans(inNamespace: set.metadataNamespace) where orphan.isActive && selection.matches(orphan.labels) {
            guard var pod = world.store.get(orphan.key) else { continue }
            pod[at: "metadata", "ownerReferences"] = .array(
                (pod["metadata"]?["ownerReferences"]?.array ?? []) + [set.controllerReference()])
            world.write(pod, orphan.key)
        }
        world.readChanges()
    }

    private static func writeStatus(_ set: JSON, _ key: ObjectKey, pods: [PodEntry], failure: APIFailure?, _ world: inout World) {
        let templateLabels = Selection(labels: set["spec"]?["template"]?["metadata"]?["labels"]?.stringMap ?? [:])
        let minReady = Duration.seconds(set["spec"]?["minReadySeconds"]?.int ?? 0)
        let active = pods.filter(\.isActive)
        var available = 0
        for pod in active where pod.isReady {
            let due = pod.readySince + minReady
            if due <= world.now { available += 1 } else { world.queue.put(.work(Work(controller: .replicaSet, key: key)), at: due) }
        }
        var status: JSON = ["replicas": JSON(active.count)]
        status.setCount("fullyLabeledReplicas", active.filter { templateLabels.matches($0.labels) }.count)
        status.setCount("readyReplicas", active.filter(\.isReady).count)
        status.setCount("availableReplicas", available)
        status["terminatingReplicas"] = JSON(pods.filter { $0.isDeleting && !$0.isFinished }.count)
        status["observedGeneration"] = JSON(set.generation)
        if let failure {
            let old = set.condition("ReplicaFailure")
            status["conditions"] = [
                old
                    ?? [
                        "type": "ReplicaFailure", "status": "True", "lastTransitionTime": world.now.json, "reason": "FailedCreate",
                        "message": .string(failure.message),
                    ]
            ]
        }
        guard status != set["status"] else { return }
        var changed = set
        changed["status"] = status
        world.writeStatus(changed, key)
    }
}
