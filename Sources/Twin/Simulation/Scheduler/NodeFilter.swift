import Core
import Kubernetes

/// Why a pod cannot go to a node.
struct Rejection: Sendable {
    let reasons: [String]
    /// Whether evicting other pods could help.
    let isResolvable: Bool

    init(_ reason: String, isResolvable: Bool) { (reasons, self.isResolvable) = ([reason], isResolvable) }

    init(_ reasons: [String], isResolvable: Bool) { (self.reasons, self.isResolvable) = (reasons, isResolvable) }
}

/// The filters of the default profile in their order; the first that objects gives the reason.
struct NodeFilter {
    let request: SchedulingRequest
    let affinity: PodAffinityState
    let spread: TopologySpreadState
    let volumes: VolumeNeeds

    init(_ request: SchedulingRequest, _ volumes: VolumeNeeds, _ world: World, without: Set<ObjectKey> = []) {
        self.request = request
        self.volumes = volumes
        affinity = PodAffinityState(request, world, without: without)
        spread = TopologySpreadState(request, world, hard: true, without: without)
    }

    func reject(_ node: NodeEntry) -> Rejection? {
        if let names = request.names, !names.contains(node.name) {
            return Rejection(SchedulerTexts.notNamed("NodeAffinity"), isResolvable: false)
        }
        if node.isUnschedulable, !request.tolerates(.unschedulable) {
            return Rejection(SchedulerTexts.unschedulable, isResolvable: false)
        }
        for taint in node.taints where taint.isHard && taint.key != Taint.unschedulable.key && !request.tolerates(taint) {
            return Rejection(SchedulerTexts.untolerated, isResolvable: false)
        }
        if !request.matchesNode(node) { return Rejection(SchedulerTexts.selector, isResolvable: false) }
        if request.entry.hostPorts.contains(where: { node.ports[$0, default: 0] > 0 }) {
            return Rejection(SchedulerTexts.hostPorts, isResolvable: true)
        }
        return shortage(node) ?? volumes.reject(node) ?? spread.reject(node) ?? affinity.reject(node)
    }

    private func shortage(_ node: NodeEntry) -> Rejection? {
        let wanted = request.requests
        if node.podCount < node.pods, wanted.cpu <= node.allocatable.cpu - node.requested.cpu,
            wanted.memory <= node.allocatable.memory - node.requested.memory, wanted.others.isEmpty
        {
            return nil
        }
        var reasons: [String] = []
        var isResolvable = true
        if node.podCount + 1 > node.pods { reasons.append(SchedulerTexts.tooManyPods) }
        func check(_ name: String, _ wanted: Int64, _ used: Int64, _ total: Int64) {
            guard wanted > 0, wanted > total - used else { return }
            reasons.append(SchedulerTexts.insufficient(name))
            if wanted > total { isResolvable = false }
        }
        check("cpu", wanted.cpu, node.requested.cpu, node.allocatable.cpu)
        check("memory", wanted.memory, node.requested.memory, node.allocatable.memory)
        for (name, amount) in wanted.others.sorted(by: { $0.key < $1.key }) {
            check(name, amount, node.requested.others[name] ?? 0, node.allocatable.others[name] ?? 0)
        }
        return reasons.isEmpty ? nil : Rejection(reasons, isResolvable: isResolvable)
    }
}
