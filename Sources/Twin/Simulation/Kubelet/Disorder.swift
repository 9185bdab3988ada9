import Core
import Kubernetes

/// Programs that do otherwise than their behaviour says, while a fault lasts.
enum Disorder {
    /// Changes what a program does from now on, whether it runs or is to be started again.
    static func begin(_ worker: inout PodWorker, _ i: Int, _ change: (inout Behaviour) -> Void, _ world: inout World) {
        if worker.containers[i].sound == nil {
            worker.containers[i].sound = (worker.containers[i].behaviour, worker.containers[i].described)
        }
        worker.containers[i].spoiledAt = world.now
        change(&worker.containers[i].behaviour)
        if var described = worker.containers[i].described {
            change(&described)
            worker.containers[i].described = described
        }
        guard worker.containers[i].isRunning, !worker.containers[i].isStopping else { return }
        if let exit = worker.containers[i].behaviour.exit {
            let end = world.now + exit.after
            worker.containers[i].plannedEnd = PlannedEnd(code: exit.code, reason: "Error", time: end)
            for line in exit.log { worker.containers[i].append(LoggedLine(time: end, text: line)) }
        }
        replan(&worker, i, &world)
    }

    /// The program does again what it did. A process that has its end before it still comes to it; one that was kept from ending ends.
    static func end(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard let sound = worker.containers[i].sound else { return }
        (worker.containers[i].behaviour, worker.containers[i].described) = sound
        (worker.containers[i].sound, worker.containers[i].spoiledAt) = (nil, nil)
        guard let since = worker.containers[i].runningSince, !worker.containers[i].isStopping else { return }
        if worker.containers[i].plannedEnd == nil, let exit = worker.containers[i].behaviour.exit {
            worker.containers[i].plannedEnd = PlannedEnd(
                code: exit.code, reason: exit.code == 0 ? "Completed" : "Error", time: max(since + exit.after, world.now))
        }
        replan(&worker, i, &world)
    }

    /// Plans anew what hangs on the behaviour of a process that runs.
    private static func replan(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        worker.containers[i].epoch += 1
        if let end = worker.containers[i].plannedEnd {
            Kubelet.plan(.exit(container: i), max(end.time - world.now, .zero) + world.jitter(0.3, 1), worker, &world)
        }
        Eviction.planForStorage(worker, i, &world)
        ClaimVolume.plan(worker, i, &world)
        Probes.resume(&worker, i, &world)
    }
}

extension Simulation {
    /// The uids of the pods that belong to a workload of `store`.
    func pods(of workload: ObjectKey, in store: ObjectStore) -> [String] {
        world.index.pods(inNamespace: workload.namespace).filter { world.lineage(of: $0, in: store).contains(workload) }.map(\.uid)
    }

    /// Changes what the first container of these pods does.
    mutating func spoil(_ pods: [String], at now: Timestamp, _ change: (inout Behaviour) -> Void) {
        edit(pods, at: now) { (worker, world) in
            if let i = worker.mainContainers.first { Disorder.begin(&worker, i, change, &world) }
        }
    }

    /// Makes the programs of these pods sound again, as far as the pods are still there.
    mutating func mend(_ pods: [String], at now: Timestamp) {
        edit(pods, at: now) { (worker, world) in
            for i in worker.containers.indices { Disorder.end(&worker, i, &world) }
        }
    }

    /// SIGKILL, from outside, to every process of these pods.
    mutating func kill(_ pods: [String], at now: Timestamp) {
        edit(pods, at: now) { (worker, world) in
            for i in worker.containers.indices where worker.containers[i].isRunning { Lifecycle.kill(&worker, i, &world) }
        }
    }

    /// The first process of each of these pods ends, once.
    mutating func end(_ pods: [String], at now: Timestamp, code: Int, reason: String, log: [String] = []) {
        edit(pods, at: now) { (worker, world) in
            guard let i = worker.mainContainers.first, worker.containers[i].isRunning else { return }
            Lifecycle.kill(&worker, i, code: code, reason: reason, log: log, &world)
        }
    }

    private mutating func edit(_ pods: [String], at now: Timestamp, _ change: (inout PodWorker, inout World) -> Void) {
        world.now = max(world.now, now)
        // What requests meet is no longer what it was.
        world.load.changedAt = world.now
        for uid in pods {
            guard var worker = world.pods.removeValue(forKey: uid) else { continue }
            change(&worker, &world)
            world.pods[uid] = worker
        }
    }
}
