import Core
import Kubernetes

/// How a kubelet makes room (kubelet/eviction): it ends pods that use more local storage than they may, and pods of a node that is short.
enum Eviction {
    /// How often the kubelet measures.
    private static let period = (1.0, 9.5)
    /// Grace of a pod that must go at once.
    private static let grace = Duration.seconds(1)

    // MARK: Storage

    static func planForStorage(_ worker: PodWorker, _ i: Int, _ world: inout World) {
        guard let (limit, _) = bound(worker, i), let when = worker.containers[i].behaviour.storage?.amount.exceeds(limit) else { return }
        Kubelet.plan(.evict(container: i), when + world.jitter(period.0, period.1), worker, &world)
    }

    static func forStorage(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        guard worker.containers[i].isRunning, let (_, message) = bound(worker, i) else { return }
        evict(&worker, message, &world)
    }

    /// The bytes that a container may write where it writes, and what is said when it writes more; nil: as much as it wants.
    private static func bound(_ worker: PodWorker, _ i: Int) -> (bytes: Double, message: String)? {
        let container = worker.containers[i]
        guard let storage = container.behaviour.storage else { return nil }
        // What is written to a claimed volume is not the node's.
        if let path = storage.path, ClaimVolume.claim(holding: path, of: container.spec, in: worker.spec) != nil { return nil }
        if let path = storage.path,
            let mount = container.spec["volumeMounts"]?.array?.first(where: { path.hasPrefix($0["mountPath"]?.string ?? "//") }),
            let volume = worker.spec["volumes"]?.array?.first(where: { $0["name"] == mount["name"] }),
            let limit = volume["emptyDir"]?["sizeLimit"]
        {
            let text = KubeletTexts.emptyDir(volume["name"]?.string ?? "", limit.string ?? limit.text())
            return (Double(Amount.whole(limit)), text)
        }
        let limits = worker.containers.compactMap { $0.spec["resources"]?["limits"]?["ephemeral-storage"] }
        guard let own = container.spec["resources"]?["limits"]?["ephemeral-storage"], Amount.whole(own) > 0 else { return nil }
        let text = own.string ?? own.text()
        return (
            Double(Amount.whole(own)),
            limits.count == 1 ? KubeletTexts.podStorage(text) : KubeletTexts.containerStorage(container.name, text)
        )
    }

    // MARK: Nodes

    /// Ends a pod, as an eviction says it; its process has a second.
    static func evict(_ worker: inout PodWorker, _ message: String, _ world: inout World, isDisruption: Bool = false) {
        guard worker.deadline == nil, worker.eviction == nil else { return }
        end(&worker, PodEviction(reason: "Evicted", message: message, isDisruption: isDisruption), "Warning", within: grace, &world)
    }

    /// Plans the end of a pod that may only be active for so long (kubelet/active_deadline.go).
    static func planDeadline(_ worker: PodWorker, _ world: inout World) {
        guard let limit = worker.spec.activeDeadline else { return }
        Kubelet.plan(.overdue, max(worker.startTime + limit - world.now, .zero), worker, &world)
    }

    static func overdue(_ worker: inout PodWorker, _ world: inout World) {
        guard worker.deadline == nil, worker.eviction == nil, !["Succeeded", "Failed"].contains(PodStatus.phase(worker)) else { return }
        let why = PodEviction(reason: "DeadlineExceeded", message: KubeletTexts.overdue(), isDisruption: false)
        end(&worker, why, "Normal", within: worker.grace, &world)
    }

    /// Ends all processes of a pod that is not deleted.
    private static func end(
        _ worker: inout PodWorker, _ why: PodEviction, _ type: String, within grace: Duration, _ world: inout World
    ) {
        worker.eviction = why
        if let pod = world.store.get(worker.key) {
            world.record(EventSubject(pod), type, why.reason, why.message, component: Kubelet.component, host: worker.node)
        }
        worker.epoch += 1
        for i in worker.containers.indices {
            guard worker.containers[i].isRunning else { worker.containers[i].epoch += 1; continue }
            Kubelet.record(worker, i, "Normal", "Killing", KubeletTexts.stopping(worker.containers[i].name), &world)
            Lifecycle.stop(&worker, i, within: grace, &world)
        }
        if !worker.containers.contains(where: \.isRunning) { PodStatus.write(worker, &world) }
    }
}

/// Why a pod was made to go.
struct PodEviction: Sendable {
    let reason: String
    let message: String
    /// Whether a condition says so, as for pods that go for the memory of their node.
    let isDisruption: Bool
}
