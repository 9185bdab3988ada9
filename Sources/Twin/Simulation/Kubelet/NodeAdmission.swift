import Core
import Kubernetes

/// Whether a kubelet takes a pod in that was given to it (kubelet/lifecycle/predicate.go): one for which no scheduler chose the node may not
/// fit there.
enum NodeAdmission {
    struct Refusal: Equatable {
        let reason: String
        let message: String
    }

    /// nil: the pod may come.
    static func refusal(_ worker: PodWorker, _ world: World) -> Refusal? {
        guard let node = world.nodes[worker.node], let pod = world.store.get(worker.key), let entry = world.index.pods[worker.key],
            worker.annotations["kubernetes.io/config.mirror"] == nil
        else { return nil }
        let isRoomy =
            node.requested.cpu <= node.allocatable.cpu && node.requested.memory <= node.allocatable.memory && entry.requests.others.isEmpty
            && node.podCount <= node.pods && entry.hostPorts.isEmpty && !node.hasEvictingTaint
        if isRoomy, worker.spec["nodeSelector"] == nil, worker.spec["affinity"] == nil { return nil }
        let request = SchedulingRequest(pod, entry)
        let others = world.index.pods(onNode: node.name).filter {
            $0.key != worker.key && !$0.isFinished && world.pods[$0.uid]?.isAdmitted == true
        }
        if let refusal = shortage(request.requests, others, node) { return refusal }
        if !request.matchesNode(node) { return predicate("NodeAffinity", SchedulerTexts.selector) }
        let taken = Set(others.flatMap(\.hostPorts))
        if entry.hostPorts.contains(where: taken.contains) {
            return predicate("NodePorts", SchedulerTexts.hostPorts)
        }
        if node.taints.contains(where: { $0.effect == "NoExecute" && !request.tolerates($0) }) {
            return predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate")
        }
        return nil
    }

    private static func predicate(_ name: String, _ why: String) -> Refusal {
        Refusal(reason: name, message: "Predicate \(name) failed: \(why)")
    }

    private static func shortage(_ wanted: ResourceAmounts, _ others: [PodEntry], _ node: NodeEntry) -> Refusal? {
        var used = ResourceAmounts()
        for pod in others { used.add(pod.requests, sign: 1) }
        // What the node does not have at all is left to whoever manages it.
        let more = wanted.others.keys.filter { node.allocatable.others[$0] != nil }.sorted().map {
            ($0, wanted.others[$0] ?? 0, used.others[$0] ?? 0, node.allocatable.others[$0] ?? 0)
        }
        let all =
            [
                ("pods", 1, Int64(others.count), Int64(node.pods)), ("cpu", wanted.cpu, used.cpu, node.allocatable.cpu),
                ("memory", wanted.memory, used.memory, node.allocatable.memory),
            ] + more
        guard let (name, asked, taken, total) = all.first(where: { $0.1 > 0 && $0.1 > $0.3 - $0.2 }) else { return nil }
        return Refusal(
            reason: "OutOf\(name)",
            message: "Node didn't have enough resource: \(name), requested: \(asked), used: \(taken), capacity: \(total)")
    }

    /// The pod has failed before anything of it ran.
    static func reject(_ worker: PodWorker, _ refusal: Refusal, _ world: inout World) {
        world.workers[worker.key] = nil
        guard var pod = world.store.get(worker.key), pod.uid == worker.uid else { return }
        world.record(EventSubject(pod), "Warning", refusal.reason, refusal.message, component: Kubelet.component, host: worker.node)
        pod["status"] = [
            "observedGeneration": JSON(pod.generation), "phase": "Failed", "reason": .string(refusal.reason),
            "message": .string("Pod was rejected: \(refusal.message)"), "startTime": world.now.json,
            "qosClass": .string(QualityOfService.of(worker.spec).rawValue),
        ]
        world.writeStatus(pod, worker.key)
    }
}
