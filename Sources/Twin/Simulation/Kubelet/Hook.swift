import Core
import Kubernetes

/// The hooks of a container's life (kubelet/lifecycle): postStart, during which the kubelet's status does not know the process yet and
/// whose failure kills it, and preStop, whose time counts against the grace period.
enum Hook {
    /// How a hook goes: after so long, well or with what the kubelet says of it.
    struct Outcome {
        var time: Duration = .zero
        var failure: String?
    }

    /// Begins the postStart hook of a process that has just been started, if it has one; `before` is what the status says meanwhile.
    static func beginPostStart(_ worker: inout PodWorker, _ i: Int, shownAs before: ContainerState, _ world: inout World) -> Bool {
        guard let hook = worker.containers[i].spec["lifecycle"]?["postStart"] else { return false }
        let outcome = outcome(hook, worker, i, world)
        worker.containers[i].hookFailure = outcome.failure
        worker.containers[i].masked = before
        Kubelet.plan(.postStarted(container: i), outcome.time + world.jitter(0.02, 0.1), worker, &world)
        return true
    }

    static func postStarted(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard worker.containers[i].isRunning, !worker.containers[i].isStopping else { return }
        guard let failure = worker.containers[i].hookFailure else { return Lifecycle.begun(&worker, i, &world) }
        // What it says may hold secrets, so the event does not repeat it; the container's state does.
        Kubelet.record(worker, i, "Warning", "FailedPostStartHook", KubeletTexts.postStartFailed(), &world)
        Kubelet.record(worker, i, "Normal", "Killing", KubeletTexts.hookKilling(), &world)
        worker.containers[i].startFailure = failure
        Lifecycle.stop(&worker, i, within: worker.grace, &world)
    }

    static func outcome(_ hook: JSON, _ worker: PodWorker, _ i: Int, _ world: World) -> Outcome {
        let container = worker.containers[i]
        let whose = (container.name, worker.longName)
        if let command = hook["exec"]?["command"]?.array?.compactMap(\.string) {
            let run = CommandRun.of(command, in: container, world.options.catalogue)
            guard run.code != 0 else { return Outcome(time: run.time) }
            let line = command.joined(separator: " ")
            let error = run.problem ?? KubeletTexts.commandFailed(line, String(run.code), run.output)
            return Outcome(time: run.time, failure: KubeletTexts.execHook(line, whose.0, whose.1, error, run.output))
        }
        if let seconds = hook["sleep"]?["seconds"]?.int { return Outcome(time: .seconds(seconds)) }
        if let http = hook["httpGet"] {
            // Whatever is answered is right, as long as there is an answer.
            guard let error = ProbeCheck.silence(["httpGet": http], container, ip: worker.ip ?? "", now: world.now) else {
                return Outcome(time: container.latency)
            }
            return Outcome(failure: KubeletTexts.httpHook(http["path"]?.string ?? "/", whose.0, whose.1, error))
        }
        return Outcome()
    }
}
