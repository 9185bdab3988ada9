import Kubernetes

/// What one policy lets through, as the documentation of NetworkPolicy has it. A policy alone decides nothing: others may allow what it does not.
struct PolicyCheck {
    /// That a call is not let through, in words; total where no call at all is.
    struct Refusal {
        let isTotal: Bool
        let text: String
    }

    private let policy: NetworkPolicy
    private let scene: Scene

    init(_ policy: NetworkPolicy, _ scene: Scene) {
        self.policy = policy
        self.scene = scene
    }

    /// Why a call is not let through; nil where this policy does not speak of it, or it or another one allows it.
    ///
    /// - Parameters:
    ///   - port: of the pod that is called; nil where it is not known.
    ///   - transport: `TCP` or `UDP`.
    func refusal(from caller: Pod, to called: Pod, port: Int?, transport: String = "TCP") -> Refusal? {
        let port = port.map { CalledPort(number: $0, transport: transport, of: called) }
        if let direction = isolated(called, "Ingress"), !isAllowed(called, caller, "Ingress", port) {
            return Refusal(
                isTotal: direction, text: "lets \(direction ? "nothing" : "only others") in to the pods of \(name(of: called))")
        }
        if let direction = isolated(caller, "Egress"), !isAllowed(caller, called, "Egress", port) {
            return Refusal(
                isTotal: direction, text: "lets \(direction ? "nothing" : "only other calls") out of the pods of \(name(of: caller))")
        }
        return nil
    }

    /// The same for a call to an IPv4 address that is no pod's and no Service's.
    func refusal(from caller: Pod, toAddress address: String, port: Int?) -> Refusal? {
        guard let number = IPv4Block.number(address), let direction = isolated(caller, "Egress") else { return nil }
        let port = port.map { CalledPort(number: $0, transport: "TCP", of: nil) }
        let isAllowed = rules(of: caller, "Egress").contains { rule, _ in
            guard port.map({ port in rule.ports.isEmpty || rule.ports.contains(where: port.isIn) }) ?? true else { return false }
            return rule.to.isEmpty || rule.to.contains { $0.ipBlock.map { IPv4Block($0)?.holds(number) ?? true } ?? false }
        }
        if isAllowed { return nil }
        return Refusal(
            isTotal: direction, text: "lets \(direction ? "nothing" : "only other calls") out of the pods of \(name(of: caller))")
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
    private func isAllowed(_ pod: Pod, _ other: Pod, _ direction: String, _ port: CalledPort?) -> Bool {
        rules(of: pod, direction).contains { rule, home in
            let peers = direction == "Ingress" ? rule.from : rule.to
            guard port.map({ port in rule.ports.isEmpty || rule.ports.contains(where: port.isIn) }) ?? true else { return false }
            return peers.isEmpty || peers.contains { admits($0, other, home: home) }
        }
    }

    /// The rules of all policies about a pod, with the namespace of each.
    private func rules(of pod: Pod, _ direction: String) -> [(Kubernetes.NetworkPolicyRule, String)] {
        scene.snapshot.networkPolicies.filter { Self.covers($0, pod, direction) }.flatMap { policy in
            (direction == "Ingress" ? policy.spec.ingress : policy.spec.egress).map { ($0, policy.metadata.namespace) }
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
        if let block = peer.ipBlock {
            // Of what is not known, the best is assumed.
            guard let block = IPv4Block(block), let address = pod.status.podIP.flatMap(IPv4Block.number) else { return true }
            return block.holds(address)
        }
        if let selector = peer.namespaceSelector {
            let labels = scene.snapshot.namespaceObjects.first { $0.metadata.name == pod.metadata.namespace }?.metadata.labels
            guard selector.matches(labels ?? ["kubernetes.io/metadata.name": pod.metadata.namespace]) else { return false }
        } else if pod.metadata.namespace != home {
            return false
        }
        return peer.podSelector.map { $0.matches(pod.metadata.labels) } ?? true
    }
}

/// A port that is called: its number, its transport, and what the container of a pod calls it.
private struct CalledPort {
    let number: Int
    let transport: String
    private let names: Set<String>

    init(number: Int, transport: String, of pod: Pod?) {
        self.number = number
        self.transport = transport
        names = Set((pod?.spec.containers ?? []).flatMap(\.ports).filter { $0.containerPort == number }.compactMap(\.name))
    }

    func isIn(_ allowed: NetworkPolicyPort) -> Bool {
        guard (allowed.protocol ?? "TCP") == transport else { return false }
        switch allowed.port {
        case .int(let first): return (first...max(first, allowed.endPort ?? first)).contains(number)
        case .string(let name): return names.contains(name)
        case nil: return true
        }
    }
}

/// `10.0.0.0/8`, and what of it is left out.
private struct IPv4Block {
    private let network: UInt32
    private let bits: Int
    private let except: [IPv4Block]

    /// Nil for what is no block of IPv4 addresses.
    init?(_ block: IPBlock) { self.init(block.cidr, except: block.except.compactMap { IPv4Block($0, except: []) }) }

    private init?(_ text: String, except: [IPv4Block]) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let number = IPv4Block.number(String(parts[0])), let bits = Int(parts[1]), (0...32).contains(bits) else {
            return nil
        }
        (network, self.bits, self.except) = (number, bits, except)
    }

    func holds(_ address: UInt32) -> Bool {
        let shift = UInt32(32 - bits)
        let isWithin = bits == 0 || address >> shift == network >> shift
        return isWithin && !except.contains { $0.holds(address) }
    }

    /// `192.0.2.1` as a number.
    static func number(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        return parts.reduce(UInt32?(0)) { sum, part in part.flatMap { part in sum.map { $0 << 8 | UInt32(part) } } }
    }
}
