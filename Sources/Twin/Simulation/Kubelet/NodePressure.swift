import Core
import Kubernetes

/// What a kubelet does while its node is short of something (kubelet/eviction).
enum NodePressure {
    /// Something has begun or ended to be wrong with a node.
    static func turn(_ trouble: NodeTrouble, of node: String, isOn: Bool, _ world: inout World) {
        guard world.runs(.kubelets), world.nodes.runsKubelet(node) else { return }
        // The threshold that makes a disk count as full comes with the kubelet's configuration, which it reads when it starts.
        if trouble == .diskPressure, isOn { NodeConditions.announceStart(node, &world) }
        NodeConditions.report(node, &world)
        guard isOn else { return }
        switch trouble {
        case .diskPressure:
            reclaim(node, &world)
            // A kubelet that starts admits its pods anew, and such a node takes none.
            each(node, &world) { Eviction.evict(&$0, KubeletTexts.nodeCondition("DiskPressure"), &$1) }
        case .memoryPressure: reclaim(node, &world)
        case .networkNotReady:
            each(node, &world) { worker, world in
                if !worker.usesHostNetwork, worker.hasSandbox { refuseNetwork(worker, &world) }
            }
        case .silent, .runtimeDown, .proxyDown: break
        }
    }

    /// Every ten seconds: what is short is looked for again, and of the pods one goes.
    static func relieve(_ world: inout World) {
        for (node, troubles) in world.troubles.sorted(by: { $0.key < $1.key }) where world.nodes.runsKubelet(node) {
            guard troubles.contains(.diskPressure) || troubles.contains(.memoryPressure) else { continue }
            reclaim(node, &world)
            if troubles.contains(.memoryPressure) { evictLargest(node, &world) }
        }
    }

    /// A pod that needs the network while the node has none.
    static func refuseNetwork(_ worker: PodWorker, _ world: inout World) {
        guard let pod = world.store.get(worker.key) else { return }
        world.record(
            EventSubject(pod), "Warning", "NetworkNotReady", KubeletTexts.podNetworkNotReady(KubeletTexts.networkNotReady()),
            component: Kubelet.component, host: worker.node)
    }

    private static func reclaim(_ node: String, _ world: inout World) {
        guard let object = world.store.get(ObjectKey(type: .nodes, namespace: "", name: node)) else { return }
        let what = world.troubles[node]?.contains(.diskPressure) == true ? "ephemeral-storage" : "memory"
        world.record(
            EventSubject(object), "Warning", "EvictionThresholdMet", KubeletTexts.thresholdMet(what), component: Kubelet.component,
            host: node)
    }

    /// The pod that uses most memory beyond its request.
    private static func evictLargest(_ node: String, _ world: inout World) {
        func excess(_ worker: PodWorker) -> (Double, Int)? {
            let running = worker.containers.indices.filter { worker.containers[$0].isRunning }
            let sizes = running.map { i in
                let container = worker.containers[i]
                let age = world.now - (container.runningSince ?? world.now)
                return (
                    container.behaviour.memory.bytes(after: age)
                        - Double(Amount.whole(container.spec["resources"]?["requests"]?["memory"])), i
                )
            }
            return sizes.max { $0.0 < $1.0 }
        }
        let candidates = world.index.pods(onNode: node).compactMap { entry in
            world.pods[entry.uid].flatMap { worker in
                worker.deadline == nil && worker.eviction == nil ? excess(worker).map { (entry.uid, $0) } : nil
            }
        }
        guard let (uid, (_, i)) = candidates.max(by: { $0.1.0 < $1.1.0 }), var worker = world.pods.removeValue(forKey: uid) else { return }
        let container = worker.containers[i]
        let used = container.behaviour.memory.bytes(after: world.now - (container.runningSince ?? world.now))
        let request = container.spec["resources"]?["requests"]?["memory"]?.string ?? "0"
        let message = KubeletTexts.lowOnMemory(container.name, "\(Int(used / 1024))Ki", request)
        Eviction.evict(&worker, message, &world, isDisruption: true)
        world.pods[uid] = worker
    }

    private static func each(_ node: String, _ world: inout World, _ change: (inout PodWorker, inout World) -> Void) {
        for entry in world.index.pods(onNode: node) {
            guard var worker = world.pods.removeValue(forKey: entry.uid) else { continue }
            change(&worker, &world)
            world.pods[entry.uid] = worker
        }
    }
}
