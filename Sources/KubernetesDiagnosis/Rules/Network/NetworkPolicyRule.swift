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
        var victims: [EntityPath: [Victim]] = [:]
        for complaint in examination.complaints {
            let caller = scene.snapshot.pods[complaint.pod]
            /// Of several policies that do not let a call through, the one is blamed that lets nothing through.
            func note(_ callee: String, _ refusal: (PolicyCheck) -> PolicyCheck.Refusal?) -> Bool {
                let all = scene.snapshot.networkPolicies.compactMap { policy in
                    refusal(PolicyCheck(policy, scene)).map { (policy, $0) }
                }
                guard let (policy, refusal) = all.first(where: \.1.isTotal) ?? all.first else { return false }
                let path = scene.path("NetworkPolicy", policy.metadata.namespace, policy.metadata.name)
                victims[path, default: []].append(Victim(complaint: complaint, callee: callee, text: refusal.text))
                return true
            }
            for call in calls(complaint, scene) {
                guard let w = scene.workloads(behind: call.service).first, let p = scene.workloads[w].pods.first else { continue }
                let called = scene.snapshot.pods[p]
                let port = call.port.map { call.service.target(of: $0, called) }
                let isRefused = note(call.service.metadata.name) {
                    $0.refusal(from: caller, to: called, port: port, transport: call.transport)
                }
                guard isRefused else { continue }
                let servicePath = scene.path("Service", call.service.metadata.namespace, call.service.metadata.name)
                draft.graph.add(complaint.workload, .calls, servicePath)
                draft.graph.add(servicePath, .selects, scene.workloads[w].path)
            }
            guard complaint.clue.kind == .connectionTimedOut else { continue }
            let namespace = complaint.workload.namespace
            for peer in complaint.clue.peers where peer.isAddress && ServiceIndex.services([peer], namespace: namespace, scene).isEmpty {
                _ = note(peer.host) { $0.refusal(from: caller, toAddress: peer.host, port: peer.port) }
            }
        }
        for path in victims.keys.sorted() {
            guard let all = victims[path], let first = all.first else { continue }
            let policy = scene.snapshot.networkPolicies.first {
                $0.metadata.namespace == path.namespace && $0.metadata.name == path.name
            }
            for one in all { draft.noteCalls(of: one.complaint, effect: "its calls to \(one.callee) are not answered") }
            let callers = Set(all.map(\.complaint.workload)).sorted()
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "network-policy-blocking", resource: path, depth: .external,
                    severity: all.map(\.complaint.severity).max() ?? .high, complaint: "lets no calls through",
                    fact: "\(first.complaint.workload.name) does not reach \(first.callee)",
                    text:
                        "NetworkPolicy \(path.name) \(first.text), so the calls of \(callers.map(\.name).joined(separator: ", ")) to \(first.callee) are not answered",
                    since: policy?.metadata.lastWrite ?? policy?.metadata.creationTimestamp,
                    support: [
                        Support(.strong, Evidence(.spec, source: path.resource, text: first.text)),
                        Support(.strong, first.complaint.evidence),
                    ] + (first.complaint.status.map { [$0] } ?? []), explains: callers,
                    next: ["kubectl -n \(path.namespace) describe networkpolicy \(path.name)"]))
        }
    }

    /// A call that a policy does not let through.
    private struct Victim {
        let complaint: Complaint
        let callee: String
        let text: String
    }

    /// Which Services a complaint says do not answer, and on what port of theirs: the cluster's DNS where names are not resolved.
    private func calls(_ complaint: Complaint, _ scene: Scene) -> [(service: Service, port: Int?, transport: String)] {
        switch complaint.clue.kind {
        case .nameServiceDown: scene.nameService.map { [($0, 53, "UDP")] } ?? []
        case .connectionTimedOut:
            // A line that names nobody is about somebody whom the program is told to call; one that goes on may mean anybody.
            (complaint.clue.peers.isEmpty && complaint.isEnding
                ? scene.calledPeers(of: complaint.container, in: complaint.workload.namespace).map(\.peer) : complaint.clue.peers).flatMap {
                    peer in
                    ServiceIndex.services([peer], namespace: complaint.workload.namespace, scene).map { ($0, peer.port, "TCP") }
                }
        default: []
        }
    }
}

extension Service {
    /// The port of a pod to which a port of this Service leads; of a headless one the same.
    fileprivate func target(of port: Int, _ pod: Pod) -> Int {
        guard spec.clusterIP != "None", let own = spec.ports.first(where: { $0.port == port }) else { return port }
        return own.targetPort.flatMap { target in pod.spec.containers.lazy.compactMap { Ports.number(target, $0) }.first } ?? port
    }
}
