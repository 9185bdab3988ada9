import Core
import Kubernetes

/// How one node stands to one pod.
struct NodeFit {
    let matchesSelector: Bool
    /// Taints of the node with effect NoSchedule or NoExecute that the pod does not tolerate.
    let taints: [Taint]

    /// Whether the node would take the pod in another state: it is cordoned, lost or under pressure, and nobody chose it to be apart.
    let isKeptOffByState: Bool

    init(pod: Pod, node: Node) {
        matchesSelector =
            pod.spec.nodeSelector.allSatisfy { node.metadata.labels[$0.key] == $0.value }
            && NodeFit.matchesAffinity(pod.spec.affinity, node)
        taints = node.spec.taints.filter { taint in
            taint.effect != "PreferNoSchedule" && !pod.spec.tolerations.contains { NodeFit.tolerates($0, taint) }
        }
        isKeptOffByState =
            (node.spec.unschedulable || !taints.isEmpty) && taints.allSatisfy { $0.key.hasPrefix("node.kubernetes.io/") }
    }

    private static func tolerates(_ toleration: Toleration, _ taint: Taint) -> Bool {
        if let effect = toleration.effect, !effect.isEmpty, effect != taint.effect { return false }
        if let key = toleration.key, !key.isEmpty, key != taint.key { return false }
        if toleration.operator == "Exists" { return true }
        return toleration.key != nil && (toleration.value ?? "") == (taint.value ?? "")
    }

    /// requiredDuringSchedulingIgnoredDuringExecution: one of the terms, all of its expressions.
    private static func matchesAffinity(_ affinity: JSON?, _ node: Node) -> Bool {
        guard let terms = affinity?[at: "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]?.array else {
            return true
        }
        return terms.contains { term in
            let labels = (term["matchExpressions"]?.array ?? []).allSatisfy { holds($0, node.metadata.labels[$0["key"]?.string ?? ""]) }
            let fields = (term["matchFields"]?.array ?? []).allSatisfy { holds($0, node.metadata.name) }
            return labels && fields
        }
    }

    private static func holds(_ expression: JSON, _ value: String?) -> Bool {
        let values = (expression["values"]?.array ?? []).compactMap(\.string)
        switch expression["operator"]?.string {
        case "In": return value.map(values.contains) ?? false
        case "NotIn": return !(value.map(values.contains) ?? false)
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        case "Gt": return (value.flatMap { Int($0) } ?? .min) > (values.first.flatMap { Int($0) } ?? .max)
        case "Lt": return (value.flatMap { Int($0) } ?? .max) < (values.first.flatMap { Int($0) } ?? .min)
        default: return true
        }
    }
}
