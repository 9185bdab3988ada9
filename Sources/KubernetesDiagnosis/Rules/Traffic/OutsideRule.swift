import Core
import Diagnosis

/// Whom it calls outside of the cluster is slow.
struct OutsideRule: Rule {
    let name = "outside-latency"
    let categories = ["dependency-latency"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Whom it calls outside of the cluster is slow.",
            sees: ["metrics", "pods", "logs"],
            evidence: ["latency against before", "the variable that names a host outside; the log that names it"],
            contradictedBy: ["whom it calls inside is slow; it burns CPU or is asked more"],
            next: ["ask whoever runs the service outside"],
            references: [])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        for facts in examination.traffic?.facts ?? [] where facts.signals.isSlow && !facts.complains && !facts.isBusier && !facts.burnsCPU {
            // That the address is new is no reason why it should be slow; a new program may be.
            let isOfAddress = facts.release.map { $0.fields.allSatisfy { $0.path.contains("env[") } } ?? true
            guard let peer = facts.outside.first, isOfAddress, facts.slowNode == nil, facts.neighbour == nil, facts.insistent.isEmpty else {
                continue
            }
            let said = examination.complaints.first { complaint in
                complaint.workload == facts.path && complaint.clue.peers.contains { $0.host == peer.peer.host }
            }
            var support = [
                facts.felt(),
                examination.scene.spec(facts.path, .strong, "\(peer.variable) names \(peer.peer.host), outside of the cluster"),
            ]
            if let said { support.append(Support(.strong, said.evidence)) }
            draft.hypotheses.append(
                facts.hypothesis(
                    name, "dependency-latency", complaint: "waits for \(peer.peer.host)", fact: facts.effect,
                    text:
                        "of \(facts.path.name) \(facts.effect), and all that it calls inside of the cluster is well: \(peer.peer.host) is slow",
                    support: support, key: peer.peer.host))
        }
    }
}
