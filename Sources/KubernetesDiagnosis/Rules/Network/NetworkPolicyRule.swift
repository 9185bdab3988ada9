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
        for complaint in examination.complaints {
            for call in calls(complaint, scene) {
                guard let w = scene.workloads(behind: call.service).first, let p = scene.workloads[w].pods.first else { continue }
                for policy in scene.snapshot.networkPolicies {
                    let check = PolicyCheck(policy, scene)
                    guard let text = check.refusal(from: scene.snapshot.pods[complaint.pod], to: scene.snapshot.pods[p], port: call.port)
                    else { continue }
                    let path = scene.path("NetworkPolicy", policy.metadata.namespace, policy.metadata.name)
                    victims[path, default: []].append((complaint, call.service, text))
                    let servicePath = scene.path("Service", call.service.metadata.namespace, call.service.metadata.name)
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

    /// Which Services a complaint says do not answer, and on what port of theirs: the cluster's DNS where names are not resolved.
    private func calls(_ complaint: Complaint, _ scene: Scene) -> [(service: Service, port: Int?)] {
        switch complaint.clue.kind {
        case .nameServiceDown: scene.nameService.map { [($0, 53)] } ?? []
        case .connectionTimedOut:
            complaint.clue.peers.flatMap { peer in
                ServiceIndex.services([peer], namespace: complaint.workload.namespace, scene).map { ($0, peer.port) }
            }
        default: []
        }
    }
}
