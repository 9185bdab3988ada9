import Core
import Kubernetes

/// One of a pod's `topologySpreadConstraints`.
struct SpreadConstraint: Sendable {
    let topologyKey: String
    let maxSkew: Int
    let minDomains: Int
    let isHard: Bool
    let honoursTaints: Bool
    let honoursAffinity: Bool
    let selection: Selection?

    init(_ constraint: JSON, labels: [String: String]) {
        topologyKey = constraint["topologyKey"]?.string ?? ""
        maxSkew = constraint["maxSkew"]?.int ?? 1
        minDomains = constraint["minDomains"]?.int ?? 1
        isHard = constraint["whenUnsatisfiable"]?.string != "ScheduleAnyway"
        honoursTaints = constraint["nodeTaintsPolicy"]?.string == "Honor"
        honoursAffinity = constraint["nodeAffinityPolicy"]?.string != "Ignore"
        let own = (constraint["matchLabelKeys"]?.array ?? []).compactMap(\.string).compactMap { key in
            labels[key].map { Selection.Requirement(key: key, operator: .in, values: [$0]) }
        }
        selection = Selection(constraint["labelSelector"])?.adding(own)
    }
}

/// How many pods that a constraint selects are in each place (the plugin PodTopologySpread).
struct TopologySpreadState {
    private struct Count {
        let constraint: SpreadConstraint
        var places: [String: Int] = [:]
        var least = 0
        let selectsItself: Bool
    }

    private var counts: [Count] = []

    /// Of the hard constraints, or of those that are only preferences.
    init(_ request: SchedulingRequest, _ world: World, hard: Bool, without: Set<ObjectKey> = []) {
        let constraints = request.spread.filter { $0.isHard == hard }
        guard !constraints.isEmpty else { return }
        counts = constraints.map { Count(constraint: $0, selectsItself: $0.selection?.matches(request.entry.labels) ?? false) }
        for i in counts.indices {
            let constraint = counts[i].constraint
            for node in world.nodes.all {
                // Only nodes that have every key are places; and only those that the pod could go to, unless it says otherwise.
                guard constraints.allSatisfy({ node.labels[$0.topologyKey] != nil }), let value = node.labels[constraint.topologyKey] else {
                    continue
                }
                if constraint.honoursAffinity, !request.matchesNode(node) { continue }
                if constraint.honoursTaints, node.taints.contains(where: { $0.isHard && !request.tolerates($0) }) { continue }
                counts[i].places[value, default: 0] += 0
            }
        }
        world.index.forEachPod(inNamespace: request.entry.key.namespace) { pod in
            guard !pod.node.isEmpty, !pod.isFinished, !pod.isDeleting, !without.contains(pod.key), let node = world.nodes[pod.node] else {
                return
            }
            for i in counts.indices where counts[i].constraint.selection?.matches(pod.labels) == true {
                if let value = node.labels[counts[i].constraint.topologyKey], counts[i].places[value] != nil {
                    counts[i].places[value, default: 0] += 1
                }
            }
        }
        for i in counts.indices {
            let hasEnough = counts[i].places.count >= counts[i].constraint.minDomains
            counts[i].least = hasEnough ? counts[i].places.values.min() ?? 0 : 0
        }
    }

    func reject(_ node: NodeEntry) -> Rejection? {
        for count in counts {
            guard let value = node.labels[count.constraint.topologyKey] else {
                return Rejection(SchedulerTexts.spreadLabel, isResolvable: false)
            }
            let skew = (count.places[value] ?? 0) + (count.selectsItself ? 1 : 0) - count.least
            if skew > count.constraint.maxSkew { return Rejection(SchedulerTexts.spread, isResolvable: true) }
        }
        return nil
    }

    /// The more pods are near, the more the node is disliked; nil where it is no place of the constraints.
    func crowding(_ node: NodeEntry) -> Double? {
        var sum = 0.0
        for count in counts {
            guard let value = node.labels[count.constraint.topologyKey] else { return nil }
            sum += Double(count.places[value] ?? 0) + Double(count.constraint.maxSkew - 1)
        }
        return sum
    }

    var isEmpty: Bool { counts.isEmpty }
}
