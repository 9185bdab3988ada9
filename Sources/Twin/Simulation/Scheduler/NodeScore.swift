import Core
import Kubernetes

/// Which of the nodes that fit is the best: the scores of the default profile, each from 0 to 100, with its weights. What is relative
/// (affinity, taints, spread) is scaled to the best and the worst of the candidates.
struct NodeScore {
    let request: SchedulingRequest
    private let spread: TopologySpreadState
    /// Pods of the same owner by node and by zone, which are kept apart where the pod says nothing itself.
    private var siblings: [String: Int] = [:]
    private var siblingsByZone: [String: Int] = [:]
    private var liking: [TopologyPlace: Int] = [:]

    static let zone = "topology.kubernetes.io/zone"

    init(_ request: SchedulingRequest, _ world: World) {
        self.request = request
        spread = TopologySpreadState(request, world, hard: false)
        if request.spread.isEmpty, let owner = request.entry.owner {
            world.index.forEachPod(ownedBy: owner) { pod in
                guard !pod.node.isEmpty, !pod.isDeleting else { return }
                siblings[pod.node, default: 0] += 1
                if let zone = world.nodes[pod.node]?.labels[Self.zone] { siblingsByZone[zone, default: 0] += 1 }
            }
        }
        guard !request.preferredPods.isEmpty else { return }
        world.index.forEachPod(inNamespace: nil) { pod in
            guard !pod.node.isEmpty, !pod.isFinished else { return }
            for (weight, term) in request.preferredPods where term.selects(pod, world) {
                guard let value = world.nodes[pod.node]?.labels[term.topologyKey] else { continue }
                liking[TopologyPlace(key: term.topologyKey, value: value), default: 0] += weight
            }
        }
    }

    /// The position of the best candidate; the first of several.
    func best(_ candidates: [NodeEntry]) -> Int? {
        guard candidates.count > 1 else { return candidates.isEmpty ? nil : 0 }
        var totals = candidates.map { room($0) }
        add(&totals, candidates, weight: 2) { node in Double(request.preferred.reduce(0) { $1.term.holds(node) ? $0 + $1.weight : $0 }) }
        add(&totals, candidates, weight: 3, isBad: true) { node in
            Double(node.taints.count { $0.effect == "PreferNoSchedule" && !request.tolerates($0) })
        }
        add(&totals, candidates, weight: 2, isBad: true) { crowding($0) }
        if !liking.isEmpty {
            add(&totals, candidates, weight: 2) { node in
                Double(liking.reduce(0) { node.labels[$1.key.key] == $1.key.value ? $0 + $1.value : $0 })
            }
        }
        var best = 0
        for i in totals.indices where totals[i] > totals[best] { best = i }
        return best
    }

    private func crowding(_ node: NodeEntry) -> Double {
        if !spread.isEmpty { return spread.crowding(node) ?? 1e6 }
        let inZone = node.labels[Self.zone].map { Double(siblingsByZone[$0] ?? 0) } ?? 0
        return Double(siblings[node.name] ?? 0) + inZone / 2
    }

    /// Much room left, and processors and memory used alike.
    private func room(_ node: NodeEntry) -> Double {
        func used(_ present: Int64, _ wanted: Int64, _ total: Int64) -> Double {
            total > 0 ? min(1, (Double(present) + Double(wanted)) / Double(total)) : 1
        }
        let cpu = used(node.assumed.cpu, request.entry.assumed.cpu, node.allocatable.cpu)
        let memory = used(node.assumed.memory, request.entry.assumed.memory, node.allocatable.memory)
        return 100 * (1 - (cpu + memory) / 2) + 100 * (1 - abs(cpu - memory) / 2)
    }

    /// Adds a relative score; nothing where all candidates are alike.
    private func add(
        _ totals: inout [Double], _ nodes: [NodeEntry], weight: Double, isBad: Bool = false, _ value: (NodeEntry) -> Double
    ) {
        let values = nodes.map(value)
        guard let most = values.max(), let least = values.min(), most > least else { return }
        for i in values.indices {
            let share = (values[i] - least) / (most - least)
            totals[i] += weight * 100 * (isBad ? 1 - share : share)
        }
    }
}
