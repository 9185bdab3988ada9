import Core
import Kubernetes

/// The kubelets of all nodes: they take pods in, run their containers, watch them and let them go.
enum Kubelet {
    static let component = "kubelet"
    /// How often the kubelet looks again at a pod that it could not bring further.
    static let syncPeriod = (10.0, 14.5)

    // MARK: Pods come, change and go

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let pod = world.store.get(key) else { return forget(key, &world) }
        let uid = pod.uid
        if let known = world.workers[key], known != uid { forget(key, &world) }
        guard let node = pod["spec"]?["nodeName"]?.string, !node.isEmpty, world.nodes.runsKubelet(node) else { return }
        let isFinished = ["Succeeded", "Failed"].contains(pod["status"]?["phase"]?.string)
        if world.pods[uid] == nil {
            if isFinished || pod.isBeingDeleted && world.workers[key] == nil {
                if pod.isBeingDeleted { world.delete(key, grace: 0) }
                return
            }
            admit(pod, key, &world)
        }
        guard var worker = world.pods.removeValue(forKey: uid) else { return }
        if pod.isBeingDeleted, worker.deadline == nil {
            let grace = pod["metadata"]?["deletionGracePeriodSeconds"]?.int ?? 30
            terminate(&worker, grace: .seconds(grace), &world)
        } else if ["containers", "ephemeralContainers"].contains(where: { pod["spec"]?[$0] != worker.spec[$0] }) {
            take(pod, &worker, &world)
        } else if worker.hasSandbox, worker.spec["readinessGates"]?.array?.isEmpty == false {
            PodStatus.write(worker, &world)
        }
        world.pods[uid] = worker
    }

    private static func forget(_ key: ObjectKey, _ world: inout World) {
        guard let uid = world.workers.removeValue(forKey: key) else { return }
        world.pods[uid] = nil
        world.recorder.forget(uid: uid)
    }

    private static func admit(_ pod: JSON, _ key: ObjectKey, _ world: inout World) {
        var worker = PodWorker(pod, key, now: world.now, world.options.catalogue)
        Flaw.mark(&worker, world)
        if let mistake = BehaviourMistake.find(in: pod) {
            world.record(EventSubject(pod), "Warning", "BehaviourIgnored", mistake, component: "martlet-twin")
            if world.mistakes.insert(mistake).inserted { world.options.hear("Pod \(key.namespace)/\(key.name): \(mistake)") }
        }
        worker.resume(pod["status"], world)
        world.workers[key] = worker.uid
        Eviction.planDeadline(worker, &world)
        if worker.hasSandbox {
            Lifecycle.resume(&worker, &world)
        } else {
            plan(.admit, world.jitter(0.02, 0.12), worker, &world)
        }
        world.pods[worker.uid] = worker
    }

    /// A changed image ends the container, which then starts again with the new one.
    private static func take(_ pod: JSON, _ worker: inout PodWorker, _ world: inout World) {
        let before = worker.containers
        worker.spec = pod["spec"] ?? [:]
        for i in worker.containers.indices {
            let list = worker.spec[worker.containers[i].list.rawValue]?.array ?? []
            guard let spec = list.first(where: { $0["name"]?.string == before[i].name }) else { continue }
            worker.containers[i].spec = spec
            guard spec["image"] != before[i].spec["image"] else { continue }
            worker.containers[i].behaviour = PodWorker.behaviour(
                of: spec, worker.annotations, world.options.catalogue, isInit: before[i].isInit)
            worker.containers[i].described = nil
            worker.containers[i].sound = nil
            guard before[i].isRunning else { continue }
            record(worker, i, "Normal", "Killing", "Container \(before[i].name) definition changed, will be restarted", &world)
            Lifecycle.stop(&worker, i, within: worker.grace, &world)
        }
        let added = (worker.spec["ephemeralContainers"]?.array ?? []).filter { spec in
            !before.contains { $0.name == spec["name"]?.string }
        }
        guard !added.isEmpty else { return }
        worker.containers += added.map {
            ContainerWorker($0, in: .ephemeralContainers, worker.annotations, world.options.catalogue, waiting: "ContainerCreating")
        }
        if worker.hasSandbox { Lifecycle.startNext(&worker, &world) }
    }

    /// Ends all containers within the grace period, then the pod.
    private static func terminate(_ worker: inout PodWorker, grace: Duration, _ world: inout World) {
        worker.deadline = world.now + grace
        worker.epoch += 1
        var isRunning = false
        for i in worker.containers.indices {
            if worker.containers[i].isRunning {
                isRunning = true
                record(worker, i, "Normal", "Killing", KubeletTexts.stopping(worker.containers[i].name), &world)
                Lifecycle.stop(&worker, i, within: grace, &world)
            } else {
                worker.containers[i].epoch += 1
            }
        }
        if !isRunning { plan(.finish, world.jitter(0.05, 0.3), worker, &world) }
    }

    // MARK: Steps

    static func handle(_ uid: String, _ step: PodStep, epoch: Int, _ world: inout World) {
        guard var worker = world.pods.removeValue(forKey: uid) else { return }
        if !world.nodes.runsKubelet(worker.node) || world.hasTrouble(.runtimeDown, worker.node) {
            // A kubelet that does not run, or whose runtime does not answer, does nothing; what was due happens when it is back.
            world.pods[uid] = worker
            return world.queue.put(.pod(uid: uid, step, epoch: epoch), at: world.now + .seconds(5))
        }
        var isGone = false
        switch step {
        case .admit where epoch == worker.epoch:
            if let refusal = NodeAdmission.refusal(worker, world) {
                NodeAdmission.reject(worker, refusal, &world)
                isGone = true
                break
            }
            worker.isAdmitted = true
            PodStatus.write(worker, &world)
            mount(&worker, &world)
        case .mount where epoch == worker.epoch: mount(&worker, &world)
        case .sandbox where epoch == worker.epoch && lacksNetwork(worker, world):
            NodePressure.refuseNetwork(worker, &world)
            plan(.sandbox, world.jitter(syncPeriod.0, syncPeriod.1), worker, &world)
        case .sandbox where epoch == worker.epoch:
            worker.hasSandbox = true
            worker.ip = worker.usesHostNetwork ? world.nodes.address(of: worker.node) : world.nodes.nextPodAddress(on: worker.node)
            PodStatus.write(worker, &world)
            Lifecycle.startNext(&worker, &world)
        case .overdue where epoch == worker.epoch: Eviction.overdue(&worker, &world)
        case .finish where epoch == worker.epoch && worker.hasSandbox && lacksNetwork(worker, world):
            if let pod = world.store.get(worker.key) {
                world.record(
                    EventSubject(pod), "Warning", "FailedKillPod", KubeletTexts.killFailed(worker.uid, Digest.sha256Hex(worker.uid)),
                    component: component, host: worker.node)
            }
            plan(.finish, world.jitter(5, 9), worker, &world)
        case .finish where epoch == worker.epoch:
            world.workers[worker.key] = nil
            world.delete(worker.key, grace: 0)
            isGone = true
        case .postStarted(let i) where epoch == worker.containers[i].epoch: Hook.postStarted(&worker, i, &world)
        case .preStopped(let i) where epoch == worker.containers[i].epoch: Lifecycle.preStopped(&worker, i, &world)
        case .signalled(let i) where epoch == worker.containers[i].epoch: Lifecycle.signal(&worker, i, &world)
        case .start(let i) where epoch == worker.containers[i].epoch: Lifecycle.start(&worker, i, &world)
        case .pulled(let i) where epoch == worker.containers[i].epoch: Images.finishPull(&worker, i, &world)
        case .exit(let i) where epoch == worker.containers[i].epoch: Lifecycle.exit(&worker, i, &world)
        case .stopped(let i) where epoch == worker.containers[i].epoch: Lifecycle.stopped(&worker, i, &world)
        case .sync(let i) where epoch == worker.containers[i].epoch: Lifecycle.sync(&worker, i, &world)
        case .evict(let i) where epoch == worker.containers[i].epoch: Eviction.forStorage(&worker, i, &world)
        case .full(let i) where epoch == worker.containers[i].epoch: ClaimVolume.look(&worker, i, &world)
        case .probe(let i, let kind) where epoch == worker.containers[i].epoch: Probes.run(&worker, i, kind, &world)
        default: break
        }
        if !isGone { world.pods[uid] = worker }
    }

    private static func mount(_ worker: inout PodWorker, _ world: inout World) {
        if let (volume, message) = Volumes.problem(worker, world) {
            if let pod = world.store.get(worker.key) {
                world.record(
                    EventSubject(pod), "Warning", "FailedMount", KubeletTexts.mountFailed(volume, message), component: component,
                    host: worker.node)
            }
            // Half a second, doubling up to two minutes and two seconds (goroutinemap/exponentialbackoff).
            let delay = min(122_000, 500 << min(worker.mountAttempts, 10))
            worker.mountAttempts += 1
            return plan(.mount, .milliseconds(delay), worker, &world)
        }
        worker.hasMounts = true
        plan(.sandbox, world.jitter(0.15, 0.45), worker, &world)
    }

    private static func lacksNetwork(_ worker: PodWorker, _ world: World) -> Bool {
        !worker.usesHostNetwork && world.hasTrouble(.networkNotReady, worker.node)
    }

    // MARK: Common to the kubelet's parts

    static func plan(_ step: PodStep, _ delay: Duration, _ worker: PodWorker, _ world: inout World) {
        let epoch =
            switch step {
            case .admit, .mount, .sandbox, .overdue, .finish: worker.epoch
            case .start(let i), .pulled(let i), .exit(let i), .sync(let i), .stopped(let i), .evict(let i), .full(let i),
                .postStarted(let i),
                .preStopped(let i), .signalled(let i), .probe(let i, _):
                worker.containers[i].epoch
            }
        world.queue.put(.pod(uid: worker.uid, step, epoch: epoch), at: world.now + delay)
    }

    /// An event about one container.
    static func record(_ worker: PodWorker, _ i: Int, _ type: String, _ reason: String, _ text: String, _ world: inout World) {
        guard let pod = world.store.get(worker.key) else { return }
        world.record(
            EventSubject(pod, fieldPath: worker.containers[i].fieldPath), type, reason, text, component: component, host: worker.node)
    }
}
