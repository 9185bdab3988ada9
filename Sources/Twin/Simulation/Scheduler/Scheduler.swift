import Core
import Kubernetes

/// Whether a pod fits, and where best: a pure function of the pod, the nodes and the pods on them (kube-scheduler's default filters).
struct Scheduler {
    enum Placement: Equatable {
        case node(String)
        case unschedulable(message: String)
    }

    let pod: JSON
    let entry: PodEntry
    let nodes: [NodeEntry]
    /// Pods of the cluster that matter for affinity, asked only when needed.
    let others: () -> [PodEntry]
    /// Whether required anti-affinity of a pod that is there keeps this one from a node; nil when no pod has any.
    let existingAntiAffinity: ((NodeEntry) -> Bool)?
    /// Of one owner, pods by node: spreads siblings.
    let siblings: [String: Int]

    private struct Rejection {
        let reason: String
        /// Whether evicting other pods could help.
        let isResolvable: Bool
    }

    func place() -> Placement {
        guard !nodes.isEmpty else { return .unschedulable(message: SchedulerTexts.noNodes()) }
        let required = pod["spec"]?["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]
        let selection = Selection(labels: pod["spec"]?["nodeSelector"]?.stringMap ?? [:])
        let tolerations = pod["spec"]?["tolerations"]?.array ?? []
        let antiTerms = terms("podAntiAffinity")
        let terms = terms("podAffinity")
        var best: (score: Double, name: String)?
        var rejections: [Rejection] = []
        for node in nodes {
            if let rejection = reject(node, selection, required, tolerations, antiTerms, terms) {
                rejections.append(contentsOf: rejection)
                continue
            }
            let score = score(node)
            if best.map({ score > $0.score }) ?? true { best = (score, node.name) }
        }
        if let best { return .node(best.name) }
        return .unschedulable(message: message(rejections))
    }

    private func reject(
        _ node: NodeEntry, _ selection: Selection, _ required: JSON?, _ tolerations: [JSON], _ antiTerms: [JSON], _ terms: [JSON]
    ) -> [Rejection]? {
        if node.isUnschedulable, !tolerates(["key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"], tolerations) {
            return [Rejection(reason: SchedulerTexts.unschedulable, isResolvable: false)]
        }
        let hard = node.taints.filter {
            $0["effect"]?.string != "PreferNoSchedule" && $0["key"]?.string != "node.kubernetes.io/unschedulable"
        }
        if hard.contains(where: { !tolerates($0, tolerations) }) {
            return [Rejection(reason: SchedulerTexts.untolerated, isResolvable: false)]
        }
        if !selection.matches(node.labels) || !matches(required, node) {
            return [Rejection(reason: SchedulerTexts.selector, isResolvable: false)]
        }
        if entry.hostPorts.contains(where: { node.ports[$0, default: 0] > 0 }) {
            return [Rejection(reason: SchedulerTexts.hostPorts, isResolvable: true)]
        }
        let short = shortages(node)
        if !short.isEmpty { return short }
        if existingAntiAffinity?(node) == true { return [Rejection(reason: SchedulerTexts.existingAntiAffinity, isResolvable: true)] }
        for term in antiTerms where isNear(term, node) { return [Rejection(reason: SchedulerTexts.antiAffinity, isResolvable: true)] }
        for term in terms where !isNear(term, node) && !isFirstOfItsKind(term) {
            return [Rejection(reason: SchedulerTexts.affinity, isResolvable: false)]
        }
        return nil
    }

    private func shortages(_ node: NodeEntry) -> [Rejection] {
        var result: [Rejection] = []
        if node.podCount + 1 > node.pods { result.append(Rejection(reason: SchedulerTexts.tooManyPods, isResolvable: true)) }
        func check(_ name: String, _ wanted: Int64, _ used: Int64, _ total: Int64) {
            guard wanted > 0, wanted > total - used else { return }
            result.append(Rejection(reason: SchedulerTexts.insufficient(name), isResolvable: wanted <= total))
        }
        check("cpu", entry.requests.cpu, node.requested.cpu, node.allocatable.cpu)
        check("memory", entry.requests.memory, node.requested.memory, node.allocatable.memory)
        for (name, wanted) in entry.requests.others.sorted(by: { $0.key < $1.key }) {
            check(name, wanted, node.requested.others[name] ?? 0, node.allocatable.others[name] ?? 0)
        }
        return result
    }

    private func matches(_ required: JSON?, _ node: NodeEntry) -> Bool {
        guard let terms = required?["nodeSelectorTerms"]?.array, !terms.isEmpty else { return true }
        return terms.contains { term in
            let expressions = term["matchExpressions"]?.array ?? []
            let fields = term["matchFields"]?.array ?? []
            guard !(expressions.isEmpty && fields.isEmpty) else { return false }
            return expressions.allSatisfy { Selection.requirement($0)?.holds(node.labels) ?? false }
                && fields.allSatisfy { Selection.requirement($0)?.holds(["metadata.name": node.name]) ?? false }
        }
    }

    private func tolerates(_ taint: JSON, _ tolerations: [JSON]) -> Bool {
        tolerations.contains { toleration in
            if let effect = toleration["effect"]?.string, !effect.isEmpty, effect != taint["effect"]?.string { return false }
            let key = toleration["key"]?.string ?? ""
            if toleration["operator"]?.string == "Exists" { return key.isEmpty || key == taint["key"]?.string }
            return key == taint["key"]?.string && toleration["value"]?.string ?? "" == taint["value"]?.string ?? ""
        }
    }

    private func terms(_ kind: String) -> [JSON] {
        pod["spec"]?["affinity"]?[kind]?["requiredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
    }

    /// Whether a pod that a term selects is in the same topology domain as the node.
    private func isNear(_ term: JSON, _ node: NodeEntry) -> Bool {
        guard let key = term["topologyKey"]?.string, let value = node.labels[key], let selection = Selection(term["labelSelector"]) else {
            return false
        }
        let namespaces = term["namespaces"]?.array?.compactMap(\.string) ?? [entry.key.namespace]
        let domain = Set(nodes.filter { $0.labels[key] == value }.map(\.name))
        return others().contains {
            domain.contains($0.node) && namespaces.contains($0.key.namespace) && !$0.isFinished && selection.matches($0.labels)
        }
    }

    /// A term that selects the pod itself while no pod matches anywhere does not keep the first one out.
    private func isFirstOfItsKind(_ term: JSON) -> Bool {
        guard let selection = Selection(term["labelSelector"]), selection.matches(entry.labels) else { return false }
        return !others().contains { !$0.node.isEmpty && $0.key.namespace == entry.key.namespace && selection.matches($0.labels) }
    }

    /// Few siblings first, then much room left.
    private func score(_ node: NodeEntry) -> Double {
        func free(_ used: Int64, _ wanted: Int64, _ total: Int64) -> Double {
            total > 0 ? Double(total - used - wanted) / Double(total) : 0
        }
        let cpu = free(node.requested.cpu, entry.requests.cpu, node.allocatable.cpu)
        let memory = free(node.requested.memory, entry.requests.memory, node.allocatable.memory)
        let pods = node.pods > 0 ? 1 - Double(node.podCount) / Double(node.pods) : 0
        return cpu + memory + pods - Double(siblings[node.name] ?? 0)
    }

    /// `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) …`, reasons in the order of their texts, and what preemption would do.
    private func message(_ rejections: [Rejection]) -> String {
        var counts: [String: Int] = [:]
        for rejection in rejections { counts[rejection.reason, default: 0] += 1 }
        let reasons = counts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")
        var preemption: [String: Int] = [:]
        var nodesOfPreemption = 0
        for rejection in rejections where nodesOfPreemption < nodes.count {
            preemption[rejection.isResolvable ? SchedulerTexts.noVictims : SchedulerTexts.notHelpful, default: 0] += 1
            nodesOfPreemption += 1
        }
        let texts = preemption.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")
        return SchedulerTexts.unavailable(String(nodes.count), reasons, SchedulerTexts.preemption(String(nodes.count), texts))
    }
}
