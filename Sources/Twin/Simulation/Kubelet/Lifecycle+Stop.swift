import Core
import Kubernetes

/// How a kubelet ends a container: preStop hook, its turn among the sidecars, SIGTERM, SIGKILL (kuberuntime, killContainer).
extension Lifecycle {
    /// What a process is given after SIGTERM however little of the grace period is left.
    static let leastGrace = Duration.seconds(2)

    static func stop(_ worker: inout PodWorker, _ i: Int, within grace: Duration, _ world: inout World) {
        guard !worker.containers[i].isStopping || worker.deadline != nil else { return }
        worker.containers[i].isStopping = true
        worker.containers[i].epoch += 1
        worker.containers[i].killTime = world.now + grace
        guard grace > .zero, let hook = worker.containers[i].spec["lifecycle"]?["preStop"] else { return takeTurn(&worker, i, &world) }
        let outcome = Hook.outcome(hook, worker, i, world)
        worker.containers[i].hookFailure = outcome.time < grace ? outcome.failure : nil
        Kubelet.plan(.preStopped(container: i), min(outcome.time, grace), worker, &world)
        // It may end by itself meanwhile.
        if let end = worker.containers[i].plannedEnd { Kubelet.plan(.exit(container: i), max(.zero, end.time - world.now), worker, &world) }
    }

    static func preStopped(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard worker.containers[i].isRunning else { return }
        if worker.containers[i].hookFailure != nil {
            Kubelet.record(worker, i, "Warning", "FailedPreStopHook", KubeletTexts.preStopFailed(), &world)
        }
        takeTurn(&worker, i, &world)
    }

    /// Sidecars of a pod that ends get their signal when the containers before them are gone, the last sidecar first, or when the grace
    /// period is over.
    private static func takeTurn(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        let left = worker.containers[i].killTime - world.now
        let isEnding = worker.deadline != nil || worker.eviction != nil || isOver(worker)
        guard isEnding, worker.containers[i].isSidecar, left > .zero, !isTurn(of: i, worker) else { return signal(&worker, i, &world) }
        worker.containers[i].awaitsTurn = true
        Kubelet.plan(.signalled(container: i), left, worker, &world)
    }

    private static func isTurn(of i: Int, _ worker: PodWorker) -> Bool {
        !worker.containers.indices.contains { j in
            worker.containers[j].isRunning && (worker.mainContainers.contains(j) || worker.containers[j].isSidecar && j > i)
        }
    }

    /// A container has ended: those whose turn it is now get their signal.
    static func passTurn(_ worker: inout PodWorker, _ world: inout World) {
        for i in worker.initContainers.reversed() where worker.containers[i].awaitsTurn && isTurn(of: i, worker) {
            signal(&worker, i, &world)
        }
    }

    static func signal(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        worker.containers[i].awaitsTurn = false
        worker.containers[i].epoch += 1
        // What the hook took is counted in whole seconds, downwards.
        let left = max(leastGrace, .seconds((worker.containers[i].killTime - world.now).secondCount.rounded(.up)))
        let own = worker.containers[i].behaviour.stop
        let obeys = own.map { $0 <= left } ?? false
        worker.containers[i].stopCode = obeys ? 0 : 137
        Kubelet.plan(.stopped(container: i), obeys ? own ?? left : left, worker, &world)
    }

    /// The process ends for a reason outside of the kubelet, which notices with its next look. By default: SIGKILL.
    static func kill(
        _ worker: inout PodWorker, _ i: Int, code: Int = 137, reason: String = "Error", log: [String] = [], _ world: inout World
    ) {
        worker.containers[i].epoch += 1
        worker.containers[i].plannedEnd = PlannedEnd(code: code, reason: reason, time: world.now)
        for line in log { worker.containers[i].append(LoggedLine(time: world.now, text: line)) }
        Kubelet.plan(.exit(container: i), world.jitter(0.3, 1), worker, &world)
    }

    static func stopped(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard let since = worker.containers[i].runningSince else { return }
        let code = worker.containers[i].stopCode
        finish(&worker, i, code: code, reason: code == 0 ? "Completed" : "Error", since: since, at: world.now, &world)
    }

    /// Whether all that the pod was for has ended for good, so that its sidecars go as well.
    static func isOver(_ worker: PodWorker) -> Bool {
        func hasEnded(_ container: ContainerWorker) -> Bool {
            guard container.termination != nil else { return false }
            return worker.restartPolicy == "Never" || worker.restartPolicy == "OnFailure" && container.isDone
        }
        let hasFailed =
            worker.restartPolicy == "Never"
            && worker.containers[worker.initContainers].contains { !$0.isSidecar && $0.termination.map { $0.code != 0 } ?? false }
        return hasFailed || worker.containers[worker.mainContainers].allSatisfy(hasEnded)
    }

    /// Ends the sidecars of a pod that is over.
    static func endSidecars(_ worker: inout PodWorker, _ world: inout World) {
        for i in worker.initContainers where worker.containers[i].isRunning && !worker.containers[i].isStopping {
            Kubelet.record(worker, i, "Normal", "Killing", KubeletTexts.stopping(worker.containers[i].name), &world)
            stop(&worker, i, within: worker.grace, &world)
        }
    }
}
