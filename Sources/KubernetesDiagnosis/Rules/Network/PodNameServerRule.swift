import Core
import Diagnosis
import Kubernetes

/// The pods ask a name server of their own, and it does not answer.
struct PodNameServerRule: Rule {
    let name = "pod-name-server"
    let categories = ["pod-dns-policy"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The pods ask a name server of their own (dnsPolicy None), and it does not know the names of the cluster.",
            sees: ["pods", "logs", "services"],
            evidence: [
                "a failed look-up in the log", "dnsPolicy and dnsConfig of the pod against the address of the cluster's name server",
            ],
            contradictedBy: ["its name servers include the cluster's"],
            next: ["set dnsPolicy to ClusterFirst"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        let cluster = scene.snapshot.services.filter { s in s.spec.ports.contains { $0.port == 53 } }.compactMap(\.spec.clusterIP)
        var told: Set<EntityPath> = []
        for complaint in examination.complaints
        where complaint.clue.kind == .nameServiceDown || complaint.clue.kind == .nameNotFound {
            let spec = scene.snapshot.pods[complaint.pod].spec
            guard spec.dnsPolicy == "None", let servers = spec.dnsConfig?.nameservers, !servers.isEmpty,
                !servers.contains(where: cluster.contains), told.insert(complaint.workload).inserted
            else { continue }
            let named = servers.first { complaint.clue.text.contains($0) }
            var support = [
                Support(.strong, complaint.evidence),
                scene.spec(complaint.workload, .strong, "dnsPolicy None, nameservers \(servers.joined(separator: ", "))"),
            ]
            if let status = complaint.status { support.append(status) }
            draft.noteCalls(of: complaint, effect: "it resolves no names")
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "pod-dns-policy", resource: complaint.workload, depth: .specific, severity: complaint.severity,
                    complaint: "resolves no names", fact: "it asks \(named ?? servers[0]), not the cluster's name server",
                    text:
                        "the pods of \(complaint.workload.name) ask the name server \(servers.joined(separator: ", ")) (dnsPolicy None), which does not know \(complaint.clue.subject ?? "names of the cluster")",
                    since: complaint.since, support: support, next: ["set dnsPolicy to ClusterFirst, or name a server that answers"],
                    facts: ["container": .string(complaint.container.name)]))
        }
    }
}
