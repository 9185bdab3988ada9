import Core
import Kubernetes

/// The status of a StatefulSet: how many pods there are of the current and of the new revision.
enum StatefulSetStatus {
    static func write(_ pass: StatefulSetController.Pass, _ world: inout World) {
        let pods = pass.pods.values.filter { !$0.isFinished }
        let live = pods.filter { !$0.isDeleting }
        let updated = live.filter(pass.isNew)
        let ready = live.filter(\.isReady)
        let available = live.filter { pass.isAvailable($0, world.now) }
        for pod in ready where !pass.isAvailable(pod, world.now) {
            world.queue.put(.work(Work(controller: .statefulSet, key: pass.key)), at: pod.readySince + pass.minReady)
        }
        // Once every pod is of the new revision and ready, it is the current one.
        let isDone = pass.isRolling && pass.partition == 0 && updated.count == pass.wanted && ready.count == pass.wanted
        let current = isDone ? pass.update : pass.base.name
        var status: JSON = ["observedGeneration": JSON(pass.set.generation), "replicas": JSON(pods.count)]
        status.setCount("readyReplicas", ready.count)
        status.setCount("currentReplicas", live.count { $0.labels["controller-revision-hash"] == current })
        status.setCount("updatedReplicas", updated.count)
        status["currentRevision"] = .string(current)
        status["updateRevision"] = .string(pass.update)
        status["collisionCount"] = 0
        status["availableReplicas"] = JSON(available.count)
        guard status != pass.set["status"] else { return }
        var changed = pass.set
        changed["status"] = status
        world.writeStatus(changed, pass.key)
    }
}
