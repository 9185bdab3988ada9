import Core
import Kubernetes

/// What a pod asks of the node that it goes to, read once per attempt.
struct SchedulingRequest: Sendable {
    let entry: PodEntry
    let requests: ResourceAmounts
    let selection: Selection
    /// Required node affinity: any of these; nil where there is none.
    let required: [NodeTerm]?
    let preferred: [(weight: Int, term: NodeTerm)]
    /// The only nodes in question, where required affinity names nodes (as DaemonSets do).
    let names: Set<String>?
    let tolerations: [Toleration]
    let affinity: [AffinityTerm]
    let preferredPods: [(weight: Int, term: AffinityTerm)]
    let spread: [SpreadConstraint]
    let mayPreempt: Bool
    let images: [String]

    init(_ pod: JSON, _ entry: PodEntry) {
        self.entry = entry
        requests = entry.requests
        let spec = pod["spec"]
        selection = Selection(labels: spec?["nodeSelector"]?.stringMap ?? [:])
        let nodeAffinity = spec?["affinity"]?["nodeAffinity"]
        required = nodeAffinity?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"]?.array?.map(NodeTerm.init)
        preferred = (nodeAffinity?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []).compactMap { item in
            item["preference"].map { (item["weight"]?.int ?? 1, NodeTerm($0)) }
        }
        // Every term must name nodes, or any node may do.
        let named = required?.map(\.names)
        names = named?.contains { $0 == nil } == false ? named?.reduce(into: Set<String>()) { $0.formUnion($1 ?? []) } : nil
        tolerations = (spec?["tolerations"]?.array ?? []).map(Toleration.init)
        affinity = AffinityTerm.required(pod, "podAffinity", in: entry.key.namespace)
        preferredPods =
            AffinityTerm.preferred(pod, "podAffinity", in: entry.key.namespace)
            + AffinityTerm.preferred(pod, "podAntiAffinity", in: entry.key.namespace).map { (-$0.weight, $0.term) }
        spread = (spec?["topologySpreadConstraints"]?.array ?? []).map { SpreadConstraint($0, labels: entry.labels) }
        mayPreempt = spec?["preemptionPolicy"]?.string != "Never"
        images = (spec?["containers"]?.array ?? []).compactMap { $0["image"]?.string }
    }

    func matchesNode(_ node: NodeEntry) -> Bool {
        selection.matches(node.labels) && required?.contains { $0.holds(node) } ?? true
    }

    func tolerates(_ taint: Taint) -> Bool { tolerations.contains { $0.tolerates(taint) } }
}

/// A term of node affinity: labels and fields of the node, all of which must hold. One without any holds never.
struct NodeTerm: Sendable {
    private let labels: [Selection.Requirement]
    private let fields: [Selection.Requirement]
    private let isReadable: Bool

    init(_ term: JSON) {
        let expressions = term["matchExpressions"]?.array ?? []
        let given = term["matchFields"]?.array ?? []
        labels = expressions.compactMap(Selection.requirement)
        fields = given.compactMap(Selection.requirement)
        isReadable = labels.count == expressions.count && fields.count == given.count && !(labels.isEmpty && fields.isEmpty)
    }

    func holds(_ node: NodeEntry) -> Bool {
        isReadable && labels.allSatisfy { $0.holds(node.labels) } && fields.allSatisfy { $0.holds(["metadata.name": node.name]) }
    }

    /// The nodes that the term names; nil where it names none.
    var names: Set<String>? {
        let named = fields.filter { $0.key == "metadata.name" && $0.operator == .in }
        return named.isEmpty ? nil : Set(named[0].values)
    }
}

struct Taint: Sendable, Equatable {
    let key: String
    let value: String
    let effect: String

    init(_ taint: JSON) {
        key = taint["key"]?.string ?? ""
        value = taint["value"]?.string ?? ""
        effect = taint["effect"]?.string ?? ""
    }

    init(key: String, effect: String) { (self.key, value, self.effect) = (key, "", effect) }

    static let unschedulable = Taint(key: "node.kubernetes.io/unschedulable", effect: "NoSchedule")
    /// Whether it keeps pods from being placed, and does not only advise against it.
    var isHard: Bool { effect == "NoSchedule" || effect == "NoExecute" }
}

struct Toleration: Sendable {
    let key: String
    let value: String
    let effect: String
    let isExistence: Bool
    /// How long the taint is tolerated where it would evict; nil for ever.
    let seconds: Int?

    init(_ toleration: JSON) {
        key = toleration["key"]?.string ?? ""
        value = toleration["value"]?.string ?? ""
        effect = toleration["effect"]?.string ?? ""
        isExistence = toleration["operator"]?.string == "Exists"
        seconds = toleration["tolerationSeconds"]?.int
    }

    func tolerates(_ taint: Taint) -> Bool {
        guard effect.isEmpty || effect == taint.effect else { return false }
        if isExistence { return key.isEmpty || key == taint.key }
        return key == taint.key && value == taint.value
    }
}
