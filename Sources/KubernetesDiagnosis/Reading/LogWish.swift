import Kubernetes

extension KubernetesSnapshot {
    /// Logs that would tell more: of the containers that are in trouble now, at most three pods of each workload, in a fixed order.
    ///
    /// Fetch them (the last ``logTail`` lines), put them into ``logs`` and diagnose again. For a run that has ended, both the current
    /// and the previous log are wished for: which of them holds it depends on how far the kubelet is.
    ///
    /// `quiet` are those of programs that run and are told to call others: what is wrong with those shows there first. One pod of each
    /// workload, at most `quietLimit` of them.
    package func wishedLogs(perWorkload: Int = 3, quietLimit: Int = 60) -> (failing: [LogKey], quiet: [LogKey]) {
        wishedLogs(Scene(inOrder()), perWorkload: perWorkload, quietLimit: quietLimit)
    }

    func wishedLogs(_ scene: Scene, perWorkload: Int = 3, quietLimit: Int) -> (failing: [LogKey], quiet: [LogKey]) {
        (failingLogs(scene, perWorkload: perWorkload), quietLogs(scene, limit: quietLimit))
    }

    private func failingLogs(_ scene: Scene, perWorkload: Int) -> [LogKey] {
        var wishes: [LogKey] = []
        func wish(_ p: Int, _ container: String, previous: Bool) {
            let pod = scene.snapshot.pods[p].metadata
            let key = LogKey(namespace: pod.namespace, pod: pod.name, container: container, previous: previous)
            if logs[key] == nil, !wishes.contains(key) { wishes.append(key) }
        }
        for trouble in scene.troubles() {
            for container in trouble.containers {
                if case .waiting(let reason, _) = container.form, reason != "RunContainerError", reason != "PostStartHookError" { continue }
                for p in container.pods.prefix(perWorkload) {
                    wish(p, container.name, previous: false)
                    let status = scene.containers(ofPod: p).first { $0.name == container.name }?.status
                    if (status?.restartCount ?? 0) > 0 { wish(p, container.name, previous: true) }
                }
            }
        }
        // What a Job that gave up said last.
        for workload in scene.workloads where workload.kind == "Job" || workload.kind == "CronJob" {
            let failed = workload.allPods.filter { scene.snapshot.pods[$0].status.phase == "Failed" }
            for p in failed.suffix(1) {
                for container in scene.snapshot.pods[p].spec.containers { wish(p, container.name, previous: false) }
            }
        }
        return wishes
    }

    private func quietLogs(_ scene: Scene, limit: Int) -> [LogKey] {
        var wishes: [LogKey] = []
        for workload in scene.workloads where wishes.count < limit {
            guard let p = workload.pods.first(where: { scene.health[$0].isFine && !scene.health[$0].hasSucceeded }) else { continue }
            let pod = scene.snapshot.pods[p]
            for container in pod.spec.containers where !scene.calledPeers(of: container, in: pod.metadata.namespace).isEmpty {
                let key = LogKey(namespace: pod.metadata.namespace, pod: pod.metadata.name, container: container.name, previous: false)
                if logs[key] == nil { wishes.append(key) }
            }
        }
        return wishes
    }

    /// How many lines of a log are fetched.
    package static let logTail = 200
}
