import Core
import Kubernetes

/// A term of pod affinity or anti-affinity: which pods, near or far in which topology.
struct AffinityTerm: Sendable {
    let topologyKey: String
    private let selection: Selection?
    private let namespaces: Set<String>
    private let namespaceSelection: Selection?

    init(_ term: JSON, in namespace: String, labels: [String: String]) {
        topologyKey = term["topologyKey"]?.string ?? ""
        let own = (term["matchLabelKeys"]?.array ?? []).compactMap(\.string).compactMap { key in
            labels[key].map { Selection.Requirement(key: key, operator: .in, values: [$0]) }
        }
        selection = Selection(term["labelSelector"])?.adding(own)
        namespaceSelection = Selection(term["namespaceSelector"])
        let named = Set((term["namespaces"]?.array ?? []).compactMap(\.string))
        namespaces = named.isEmpty && namespaceSelection == nil ? [namespace] : named
    }

    static func required(_ pod: JSON, _ kind: String, in namespace: String) -> [AffinityTerm] {
        (pod["spec"]?["affinity"]?[kind]?["requiredDuringSchedulingIgnoredDuringExecution"]?.array ?? []).map {
            AffinityTerm($0, in: namespace, labels: pod.labels)
        }
    }

    static func preferred(_ pod: JSON, _ kind: String, in namespace: String) -> [(weight: Int, term: AffinityTerm)] {
        (pod["spec"]?["affinity"]?[kind]?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []).compactMap { item in
            item["podAffinityTerm"].map { (item["weight"]?.int ?? 1, AffinityTerm($0, in: namespace, labels: pod.labels)) }
        }
    }

    func selects(_ pod: PodEntry, _ world: World) -> Bool {
        guard selection?.matches(pod.labels) == true else { return false }
        if namespaces.contains(pod.key.namespace) { return true }
        guard let namespaceSelection else { return false }
        let namespace = world.store.get(ObjectKey(type: .namespaces, namespace: "", name: pod.key.namespace))
        return namespaceSelection.matches(namespace?.labels ?? [:])
    }

    /// The only namespace in question, if it is one.
    var namespace: String? { namespaceSelection == nil && namespaces.count == 1 ? namespaces.first : nil }
}

/// A value of a node label: the nodes that have it are one place.
struct TopologyPlace: Hashable, Sendable {
    let key: String
    let value: String
}

/// Where the pods are that a pod wants near or far, counted once per attempt (the plugin InterPodAffinity).
struct PodAffinityState {
    private let affinity: [AffinityTerm]
    private let anti: [AffinityTerm]
    private var near: [TopologyPlace: Int] = [:]
    private var far: Set<TopologyPlace> = []
    private var guarded: Set<TopologyPlace> = []
    private var isOwnKind = false

    /// `without`: pods that are taken as gone.
    init(_ request: SchedulingRequest, _ world: World, without: Set<ObjectKey> = []) {
        affinity = request.affinity
        anti = request.entry.antiAffinity
        func place(_ pod: PodEntry, _ key: String) -> TopologyPlace? {
            world.nodes[pod.node]?.labels[key].map { TopologyPlace(key: key, value: $0) }
        }
        if !affinity.isEmpty || !anti.isEmpty {
            isOwnKind = affinity.allSatisfy { $0.selects(request.entry, world) }
            let spaces = Set((affinity + anti).map(\.namespace))
            let only = spaces.count == 1 ? spaces.first ?? nil : nil
            world.index.forEachPod(inNamespace: only) { pod in
                guard !pod.node.isEmpty, !pod.isFinished, !without.contains(pod.key) else { return }
                // A pod counts as near only if it is what all terms want.
                if !affinity.isEmpty, affinity.allSatisfy({ $0.selects(pod, world) }) {
                    for term in affinity { if let place = place(pod, term.topologyKey) { near[place, default: 0] += 1 } }
                }
                for term in anti where term.selects(pod, world) { if let place = place(pod, term.topologyKey) { far.insert(place) } }
            }
        }
        for key in world.scheduling.guards where !without.contains(key) {
            guard let pod = world.index.pods[key], !pod.node.isEmpty, !pod.isFinished else { continue }
            for term in pod.antiAffinity where term.selects(request.entry, world) {
                if let place = place(pod, term.topologyKey) { guarded.insert(place) }
            }
        }
    }

    func reject(_ node: NodeEntry) -> Rejection? {
        if !affinity.isEmpty {
            let hasAll = affinity.allSatisfy { term in
                node.labels[term.topologyKey].map { near[TopologyPlace(key: term.topologyKey, value: $0)] != nil } ?? false
            }
            // The first of its kind may go anywhere that has the labels.
            let mayBegin = near.isEmpty && isOwnKind && affinity.allSatisfy { node.labels[$0.topologyKey] != nil }
            if !hasAll, !mayBegin { return Rejection(SchedulerTexts.affinity, isResolvable: false) }
        }
        for term in anti {
            if let value = node.labels[term.topologyKey], far.contains(TopologyPlace(key: term.topologyKey, value: value)) {
                return Rejection(SchedulerTexts.antiAffinity, isResolvable: true)
            }
        }
        for place in guarded where node.labels[place.key] == place.value {
            return Rejection(SchedulerTexts.existingAntiAffinity, isResolvable: true)
        }
        return nil
    }
}
