import Kubernetes

/// What one policy lets through, as the documentation of NetworkPolicy has it. A policy alone decides nothing: others may allow what it does not.
struct PolicyCheck {
    private let policy: NetworkPolicy
    private let scene: Scene

    init(_ policy: NetworkPolicy, _ scene: Scene) {
        self.policy = policy
        self.scene = scene
    }

    /// Why a call is not let through; nil where this policy does not speak of it, or it or another one allows it.
    ///
    /// - Parameter port: of the pod that is called; nil where it is not known.
    func refusal(from caller: Pod, to called: Pod, port: Int?) -> String? {
        let port = port.map { NamedPort(number: $0, of: called) }
        if let direction = isolated(called, "Ingress"), !isAllowed(called, caller, "Ingress", port) {
            return "lets \(direction ? "nothing" : "only others") in to the pods of \(name(of: called))"
        }
        if let direction = isolated(caller, "Egress"), !isAllowed(caller, called, "Egress", port) {
            return "lets \(direction ? "nothing" : "only other calls") out of the pods of \(name(of: caller))"
        }
        return nil
    }

    private func name(of pod: Pod) -> String {
        scene.podIndex(namespace: pod.metadata.namespace, name: pod.metadata.name).map { scene.workload(ofPod: $0).name }
            ?? pod.metadata.name
    }

    /// Whether this policy is about a pod in a direction, and, if so, whether it has no rule at all.
    private func isolated(_ pod: Pod, _ direction: String) -> Bool? {
        Self.covers(policy, pod, direction) ? (direction == "Ingress" ? policy.spec.ingress : policy.spec.egress).isEmpty : nil
    }

    /// Whether any policy of the pod lets the other end through.
    private func isAllowed(_ pod: Pod, _ other: Pod, _ direction: String, _ port: NamedPort?) -> Bool {
        scene.snapshot.networkPolicies.contains { candidate in
            guard Self.covers(candidate, pod, direction) else { return false }
            let rules = direction == "Ingress" ? candidate.spec.ingress : candidate.spec.egress
            return rules.contains { rule in
                let peers = direction == "Ingress" ? rule.from : rule.to
                guard port.map({ port in rule.ports.isEmpty || rule.ports.contains(where: port.isIn) }) ?? true else { return false }
                return peers.isEmpty || peers.contains { admits($0, other, home: candidate.metadata.namespace) }
            }
        }
    }

    private static func covers(_ policy: NetworkPolicy, _ pod: Pod, _ direction: String) -> Bool {
        guard policy.metadata.namespace == pod.metadata.namespace, policy.spec.podSelector.matches(pod.metadata.labels) else {
            return false
        }
        let types = policy.spec.policyTypes
        return types.isEmpty ? direction == "Ingress" || !policy.spec.egress.isEmpty : types.contains(direction)
    }

    private func admits(_ peer: NetworkPolicyPeer, _ pod: Pod, home: String) -> Bool {
        // Which addresses a block holds is not worked out: it may be those of the pod.
        if peer.ipBlock != nil { return true }
        if let selector = peer.namespaceSelector {
            let labels = scene.snapshot.namespaceObjects.first { $0.metadata.name == pod.metadata.namespace }?.metadata.labels
            guard selector.matches(labels ?? ["kubernetes.io/metadata.name": pod.metadata.namespace]) else { return false }
        } else if pod.metadata.namespace != home {
            return false
        }
        return peer.podSelector.map { $0.matches(pod.metadata.labels) } ?? true
    }
}

/// A port of a pod, by its number and by what its container calls it.
private struct NamedPort {
    let number: Int
    private let names: Set<String>

    init(number: Int, of pod: Pod) {
        self.number = number
        names = Set(pod.spec.containers.flatMap(\.ports).filter { $0.containerPort == number }.compactMap(\.name))
    }

    func isIn(_ allowed: NetworkPolicyPort) -> Bool {
        switch allowed.port {
        case .int(let first): (first...max(first, allowed.endPort ?? first)).contains(number)
        case .string(let name): names.contains(name)
        case nil: true
        }
    }
}
