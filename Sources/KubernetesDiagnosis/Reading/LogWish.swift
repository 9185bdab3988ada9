import Kubernetes

extension KubernetesSnapshot {
    /// Logs that would tell more: of the containers that are in trouble now, at most three pods of each workload, in a fixed order.
    ///
    /// Fetch them (the last ``logTail`` lines), put them into ``logs`` and diagnose again. For a run that has ended, both the current
    /// and the previous log are wished for: which of them holds it depends on how far the kubelet is.
    package func wishedLogs(perWorkload: Int = 3) -> [LogKey] {
        let scene = Scene(inOrder())
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

    /// How many lines of a log are fetched.
    package static let logTail = 200
}
