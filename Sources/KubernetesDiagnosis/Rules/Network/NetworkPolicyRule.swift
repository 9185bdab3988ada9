import Core
import Diagnosis
import Kubernetes

/// Calls that are not answered, and a policy that lets them through at neither end.
struct NetworkPolicyRule: Rule {
    let name = "network-policy"
    let categories = ["network-policy-blocking"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A network policy lets calls through at neither end.",
            sees: ["pods", "logs", "services", "networkpolicies"],
            evidence: [
                "calls that are not answered, in the log of the caller", "the policies that select either end, and what they allow",
            ],
            contradictedBy: ["another policy allows the call; the call is refused rather than unanswered"],
            next: ["allow the call in a policy of the pods that are called"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/network-policies/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        guard !scene.snapshot.networkPolicies.isEmpty else { return }
        var victims: [EntityPath: [(complaint: Complaint, service: Service, text: String)]] = [:]
        for complaint in examination.complaints where complaint.clue.kind == .connectionTimedOut {
            let caller = scene.snapshot.pods[complaint.pod]
            for service in ServiceIndex.services(complaint.clue.peers, namespace: complaint.workload.namespace, scene) {
                guard let w = scene.workloads(behind: service).first, let p = scene.workloads[w].pods.first else { continue }
                let called = scene.snapshot.pods[p]
                for policy in scene.snapshot.networkPolicies {
                    guard let text = PolicyCheck(policy, scene).refusal(from: caller, to: called) else { continue }
                    let path = scene.path("NetworkPolicy", policy.metadata.namespace, policy.metadata.name)
                    victims[path, default: []].append((complaint, service, text))
                    let servicePath = scene.path("Service", service.metadata.namespace, service.metadata.name)
                    draft.graph.add(complaint.workload, .calls, servicePath)
                    draft.graph.add(servicePath, .selects, scene.workloads[w].path)
                }
            }
        }
        for path in victims.keys.sorted() {
            guard let all = victims[path], let first = all.first else { continue }
            let policy = scene.snapshot.networkPolicies.first {
                $0.metadata.namespace == path.namespace && $0.metadata.name == path.name
            }
            for one in all { draft.noteCalls(of: one.complaint, effect: "its calls to \(one.service.metadata.name) are not answered") }
            let callers = Set(all.map(\.complaint.workload)).sorted()
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "network-policy-blocking", resource: path, depth: .external,
                    severity: all.map(\.complaint.severity).max() ?? .high, complaint: "lets no calls through",
                    fact: "\(first.complaint.workload.name) does not reach \(first.service.metadata.name)",
                    text:
                        "NetworkPolicy \(path.name) \(first.text), so the calls of \(callers.map(\.name).joined(separator: ", ")) to \(first.service.metadata.name) are not answered",
                    since: policy?.metadata.lastWrite ?? policy?.metadata.creationTimestamp,
                    support: [
                        Support(.strong, Evidence(.spec, source: path.resource, text: first.text)),
                        Support(.strong, first.complaint.evidence),
                    ] + (first.complaint.status.map { [$0] } ?? []), explains: callers,
                    next: ["kubectl -n \(path.namespace) describe networkpolicy \(path.name)"]))
        }
    }
}

/// What one policy lets through, as the documentation of NetworkPolicy has it. A policy alone decides nothing: others may allow what it does not.
struct PolicyCheck {
    private let policy: NetworkPolicy
    private let scene: Scene

    init(_ policy: NetworkPolicy, _ scene: Scene) {
        self.policy = policy
        self.scene = scene
    }

    /// Why a call is not let through; nil where this policy does not speak of it, or it or another one allows it.
    func refusal(from caller: Pod, to called: Pod) -> String? {
        if let direction = isolated(called, "Ingress"), !isAllowed(called, caller, "Ingress") {
            return "lets \(direction ? "nothing" : "only others") in to the pods of \(name(of: called))"
        }
        if let direction = isolated(caller, "Egress"), !isAllowed(caller, called, "Egress") {
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
    private func isAllowed(_ pod: Pod, _ other: Pod, _ direction: String) -> Bool {
        scene.snapshot.networkPolicies.contains { candidate in
            guard Self.covers(candidate, pod, direction) else { return false }
            let rules = direction == "Ingress" ? candidate.spec.ingress : candidate.spec.egress
            return rules.contains { rule in
                let peers = direction == "Ingress" ? rule.from : rule.to
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
