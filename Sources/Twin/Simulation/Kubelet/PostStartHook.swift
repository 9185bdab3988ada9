import Core
import Kubernetes

/// The postStart hook of a container: when it fails, the container is killed (kubelet/kuberuntime, startContainer).
enum PostStartHook {
    static func plan(_ worker: PodWorker, _ i: Int, _ world: inout World) {
        guard worker.containers[i].spec["lifecycle"]?["postStart"] != nil else { return }
        Kubelet.plan(.hook(container: i), world.jitter(0.02, 0.1), worker, &world)
    }

    static func run(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard worker.containers[i].isRunning, !worker.containers[i].isStopping,
            let hook = worker.containers[i].spec["lifecycle"]?["postStart"], fails(hook, worker, i, world.now)
        else { return }
        Kubelet.record(worker, i, "Warning", "FailedPostStartHook", KubeletTexts.hookFailed(), &world)
        Kubelet.record(worker, i, "Normal", "Killing", KubeletTexts.hookKilling(), &world)
        Lifecycle.stop(&worker, i, within: .seconds(worker.spec["terminationGracePeriodSeconds"]?.int ?? 30), &world)
    }

    /// A command fails that the image does not have; a request, where nobody listens yet or the answer is an error.
    private static func fails(_ hook: JSON, _ worker: PodWorker, _ i: Int, _ now: Timestamp) -> Bool {
        if let command = hook["exec"]?["command"]?.array?.first?.string {
            return worker.containers[i].behaviour.commands.map { !$0.contains(command) } ?? false
        }
        return ProbeCheck.failure(hook, worker.containers[i], ip: worker.ip ?? "", now: now) != nil
    }
}
