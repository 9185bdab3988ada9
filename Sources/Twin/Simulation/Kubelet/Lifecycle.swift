import Core
import Kubernetes

/// From creation to end and back: the life of a container on its node.
enum Lifecycle {
    // MARK: Starting

    /// Starts what is next: the init containers one after another, then all others.
    static func startNext(_ worker: inout PodWorker, _ world: inout World) {
        guard worker.deadline == nil else { return }
        for i in worker.containers.indices where worker.containers[i].isEphemeral && isFresh(worker.containers[i]) {
            start(&worker, i, &world)
        }
        for i in worker.initContainers {
            let container = worker.containers[i]
            if container.isSidecar ? container.hasStarted : container.isDone { continue }
            if isFresh(container) { start(&worker, i, &world) }
            return
        }
        for i in worker.mainContainers where isFresh(worker.containers[i]) { start(&worker, i, &world) }
    }

    /// Whether nothing has been tried yet.
    private static func isFresh(_ container: ContainerWorker) -> Bool {
        guard case .waiting(let reason, _) = container.state else { return false }
        return container.runs == 0 && container.last == nil && !container.isPlanned
            && (reason == "ContainerCreating" || reason == "PodInitializing")
    }

    static func start(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        worker.containers[i].isPlanned = true
        if Images.ensure(&worker, i, &world) { create(&worker, i, &world) }
    }

    /// Creates and starts the container once its image is there.
    static func create(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        let environment: [String: String]
        do {
            try UserCheck.verify(worker, i)
            environment = try Environment.of(worker.containers[i].spec, in: worker, world)
        } catch {
            Kubelet.record(worker, i, "Warning", "Failed", KubeletTexts.error(error.message), &world)
            worker.containers[i].state = .waiting(reason: "CreateContainerConfigError", message: error.message)
            PodStatus.write(worker, &world)
            return Kubelet.plan(.sync(container: i), world.jitter(Kubelet.syncPeriod.0, Kubelet.syncPeriod.1), worker, &world)
        }
        worker.containers[i].containerID = containerID(&world)
        worker.containers[i].runs += 1
        worker.containers[i].epoch += 1
        worker.containers[i].rotateLog(now: world.now)
        Kubelet.record(worker, i, "Normal", "Created", KubeletTexts.created(), &world)
        let mounted = Volumes.mounted(worker.containers[i].spec, in: worker, world)
        worker.containers[i].resolveBehaviour(environment, mounted.files)
        if let problem = Executable.problem(worker.containers[i], mounted) {
            return refuse(&worker, i, problem, &world)
        }
        Kubelet.record(worker, i, "Normal", "Started", KubeletTexts.started(), &world)
        run(&worker, i, environment, mounted, &world)
    }

    /// The runtime could not start the process.
    private static func refuse(_ worker: inout PodWorker, _ i: Int, _ message: String, _ world: inout World) {
        Kubelet.record(worker, i, "Warning", "Failed", KubeletTexts.error(message), &world)
        worker.containers[i].last = Termination(
            code: 128, reason: "StartError", message: message, started: nil, finished: world.now,
            containerID: worker.containers[i].containerID)
        worker.containers[i].state = .waiting(reason: "RunContainerError", message: message)
        if worker.restartPolicy == "Never", let last = worker.containers[i].last { worker.containers[i].state = .terminated(last) }
        PodStatus.write(worker, &world)
        if worker.restartPolicy != "Never" { Kubelet.plan(.sync(container: i), world.jitter(0.8, 1.5), worker, &world) }
    }

    private static func run(
        _ worker: inout PodWorker, _ i: Int, _ environment: [String: String], _ mounted: Volumes.Mounted, _ world: inout World
    ) {
        let container = worker.containers[i]
        var around = ContainerRun.Surroundings(environment: environment, files: mounted.files)
        let isRootReadOnly = container.spec["securityContext"]?["readOnlyRootFilesystem"]?.bool == true
        around.readOnly = Set(container.behaviour.writes.filter { mounted.isReadOnly($0, root: isRootReadOnly) })
        for peer in container.behaviour.needsPeer {
            guard let address = peer.env.flatMap({ environment[$0] }) ?? peer.address else { continue }
            around.unreachable[address] = Network.unreachable(address, from: worker, world)
        }
        for access in container.behaviour.needsAccess {
            around.forbidden["\(access.verb) \(access.group) \(access.resource)"] = Network.refusal(of: access, to: worker, world)
        }
        let limit = Amount.whole(container.spec["resources"]?["limits"]?["memory"])
        if limit > 0 { around.memoryLimit = Double(limit) }
        // Containers of a pod share one network: who comes first has the port.
        let others = worker.containers.indices.filter { $0 != i && worker.containers[$0].isRunning }
        around.takenPorts = Set(others.flatMap { worker.containers[$0].listeningPorts })
        around.ownPorts = container.listeningPorts
        around.program = container.spec["command"]?.array?.first?.string ?? "/entrypoint"
        let run = ContainerRun.of(container.behaviour, in: around)
        let before = container.state
        worker.containers[i].state = .running(since: world.now)
        worker.containers[i].begin(run, now: world.now)
        // The kubelet notices an end with the next look at its containers, once a second (PLEG).
        if let end = run.end { Kubelet.plan(.exit(container: i), end.after + world.jitter(0.3, 1), worker, &world) }
        Eviction.planForStorage(worker, i, &world)
        ClaimVolume.plan(worker, i, &world)
        if !Hook.beginPostStart(&worker, i, shownAs: before, &world) { begun(&worker, i, &world) }
    }

    /// The kubelet has a container started, its hook included.
    static func begun(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        worker.containers[i].masked = nil
        Probes.begin(&worker, i, &world)
        PodStatus.write(worker, &world)
        if worker.containers[i].isSidecar, worker.containers[i].hasStarted { startNext(&worker, &world) }
    }

    // MARK: Ending

    /// The reason of a container whose postStart hook failed, until its back-off shows.
    private static let hookError = "PostStartHookError"

    /// The process ends by itself, or of its memory.
    static func exit(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard let since = worker.containers[i].runningSince, let end = worker.containers[i].plannedEnd else { return }
        finish(&worker, i, code: end.code, reason: end.reason, since: since, at: min(end.time, world.now), &world)
    }

    static func finish(
        _ worker: inout PodWorker, _ i: Int, code: Int, reason: String, since: Timestamp, at end: Timestamp, _ world: inout World
    ) {
        worker.containers[i].end(now: end)
        let message = code == 0 ? nil : worker.containers[i].lastWords
        let termination = Termination(
            code: code, reason: reason, message: message, started: since, finished: end, containerID: worker.containers[i].containerID)
        worker.containers[i].state = .terminated(termination)
        if let failure = worker.containers[i].startFailure, worker.deadline == nil, restarts(worker, i) {
            worker.containers[i].last = termination
            worker.containers[i].state = .waiting(reason: hookError, message: failure)
        }
        worker.containers[i].startFailure = nil
        passTurn(&worker, &world)
        if worker.deadline != nil {
            if worker.containers.allSatisfy({ !$0.isRunning }) {
                PodStatus.write(worker, &world)
                Kubelet.plan(.finish, world.jitter(0.05, 0.3), worker, &world)
            }
            return
        }
        PodStatus.write(worker, &world)
        if worker.eviction != nil { return }
        if isOver(worker) {
            endSidecars(&worker, &world)
        } else if restarts(worker, i) {
            Kubelet.plan(.sync(container: i), world.jitter(0.1, 1), worker, &world)
        } else if worker.containers[i].isInit, worker.containers[i].isDone {
            startNext(&worker, &world)
        }
    }

    private static func restarts(_ worker: PodWorker, _ i: Int) -> Bool {
        let container = worker.containers[i]
        if container.isInit, !container.isSidecar { return !container.isDone && worker.restartPolicy != "Never" }
        if container.isSidecar { return !isOver(worker) }
        if container.isEphemeral { return false }
        switch worker.restartPolicy {
        case "Never": return false
        case "OnFailure": return !container.isDone
        default: return true
        }
    }

    // MARK: Again

    /// The kubelet looks at a container that does not run: it starts it again, or waits.
    static func sync(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard worker.deadline == nil, worker.eviction == nil, !worker.containers[i].isRunning else { return }
        if case .waiting(let reason, _) = worker.containers[i].state,
            reason != "CrashLoopBackOff", reason != "RunContainerError", reason != hookError
        {
            return start(&worker, i, &world)
        }
        guard let last = worker.containers[i].termination ?? worker.containers[i].last else { return start(&worker, i, &world) }
        if let left = worker.containers[i].backOff.remaining(since: last.finished, now: world.now) {
            return wait(&worker, i, left, &world)
        }
        worker.containers[i].backOff.next(last.finished, now: world.now)
        worker.containers[i].restarts += 1
        worker.containers[i].last = last
        start(&worker, i, &world)
    }

    /// The back-off of a crash is not over. The status tells of it only with the kubelet's next look, ten seconds and more later: until
    /// then the container stands as it ended.
    private static func wait(_ worker: inout PodWorker, _ i: Int, _ left: Duration, _ world: inout World) {
        let container = worker.containers[i]
        Kubelet.record(
            worker, i, "Warning", "BackOff", KubeletTexts.backOff(container.name, worker.key.name, worker.key.namespace, worker.uid), &world
        )
        var isShown = container.termination == nil
        if case .waiting(hookError, _) = container.state { isShown = false }
        guard container.hasBackedOff || isShown else {
            worker.containers[i].hasBackedOff = true
            return Kubelet.plan(.sync(container: i), min(left, world.jitter(Kubelet.syncPeriod.0, Kubelet.syncPeriod.1)), worker, &world)
        }
        let seconds = Int((container.backOff.current ?? .zero).secondCount.rounded())
        worker.containers[i].last = container.termination ?? container.last
        worker.containers[i].state = .waiting(
            reason: "CrashLoopBackOff",
            message: KubeletTexts.backOffState(
                GoDuration.text(seconds: seconds), container.name, worker.key.name, worker.key.namespace, worker.uid))
        PodStatus.write(worker, &world)
        // The event repeats while waiting, ever more rarely, as client-go's rate limit lets it.
        let next = left > .seconds(26) ? left * 0.5 : left
        Kubelet.plan(.sync(container: i), next + .milliseconds(200), worker, &world)
    }

    /// Goes on with a pod that was found in the middle of its life.
    static func resume(_ worker: inout PodWorker, _ world: inout World) {
        for i in worker.containers.indices {
            switch worker.containers[i].state {
            case .running:
                worker.containers[i].traffic = Traffic(from: world.now)
                Probes.resume(&worker, i, &world)
                resumeRun(&worker, i, &world)
            case .terminated where restarts(worker, i): Kubelet.plan(.sync(container: i), .seconds(1), worker, &world)
            case .terminated: break
            case .waiting(let reason, _) where reason == "ContainerCreating" || reason == "PodInitializing": break
            case .waiting:
                worker.containers[i].isPlanned = true
                Kubelet.plan(.sync(container: i), world.jitter(0.5, 3), worker, &world)
            }
        }
        startNext(&worker, &world)
    }

    /// The end that lies ahead of a process that was found running. One that should be over already, and is not, does not come.
    private static func resumeRun(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard let since = worker.containers[i].runningSince else { return }
        var behaviour = worker.containers[i].behaviour
        (behaviour.needsEnv, behaviour.needsFile, behaviour.needsPeer, behaviour.writes) = ([], [], [], [])
        let limit = Amount.whole(worker.containers[i].spec["resources"]?["limits"]?["memory"])
        let run = ContainerRun.of(behaviour, in: ContainerRun.Surroundings(memoryLimit: limit > 0 ? Double(limit) : nil))
        guard let end = run.end, end.after > world.now - since || !worker.containers[i].isReady else { return }
        let wait = max(end.after - (world.now - since), .milliseconds(50))
        worker.containers[i].plannedEnd = PlannedEnd(code: end.code, reason: end.reason, time: world.now + wait)
        Kubelet.plan(.exit(container: i), wait, worker, &world)
    }

    private static func containerID(_ world: inout World) -> String {
        var bytes: [UInt8] = []
        for _ in 0..<4 { withUnsafeBytes(of: world.generator.next()) { bytes += $0 } }
        return "containerd://" + Digest.hex(bytes)
    }
}
