import Core
import Diagnosis
import Kubernetes

/// The pods ask another name server than the cluster's, and it does not know its names.
struct PodNameServerRule: Rule {
    let name = "pod-name-server"
    let categories = ["pod-dns-policy"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "The pods ask another name server (dnsPolicy None or Default, or the node's network without ClusterFirstWithHostNet), and it does not know the names of the cluster.",
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
            guard let other = otherServer(spec, complaint, besides: cluster, scene), told.insert(complaint.workload).inserted else {
                continue
            }
            var support = [Support(.strong, complaint.evidence), scene.spec(complaint.workload, .strong, other.setting)]
            if let status = complaint.status { support.append(status) }
            draft.noteCalls(of: complaint, effect: "it resolves no names")
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "pod-dns-policy", resource: complaint.workload, depth: .specific, severity: complaint.severity,
                    complaint: "resolves no names", fact: "it asks \(other.who), not the cluster's name server",
                    text:
                        "the pods of \(complaint.workload.name) ask \(other.who) (\(other.setting)), which does not know \(complaint.clue.subject ?? "names of the cluster")",
                    since: complaint.since, support: support, next: ["set dnsPolicy to ClusterFirst, or name a server that answers"],
                    facts: ["container": .string(complaint.container.name)]))
        }
    }

    /// Whom a pod asks instead of the cluster's name server, and by what setting; nil where it asks that. The node's own server is to blame only
    /// for a name that the cluster has.
    private func otherServer(
        _ spec: PodSpec, _ complaint: Complaint, besides cluster: [String], _ scene: Scene
    ) -> (who: String, setting: String)? {
        if spec.dnsPolicy == "None" {
            guard let servers = spec.dnsConfig?.nameservers, !servers.isEmpty, !servers.contains(where: cluster.contains) else {
                return nil
            }
            let named = servers.first { complaint.clue.text.contains($0) } ?? servers[0]
            return ("the name server \(named)", "dnsPolicy None, nameservers \(servers.joined(separator: ", "))")
        }
        let isOfNode = spec.dnsPolicy == "Default" || spec.hostNetwork && spec.dnsPolicy != "ClusterFirstWithHostNet"
        guard isOfNode, let host = complaint.clue.subject, let name = ServiceName(host, namespace: complaint.workload.namespace),
            scene.service(name.namespace, name.name) != nil
        else { return nil }
        return ("the name server of its node", "dnsPolicy \(spec.dnsPolicy ?? "ClusterFirst")\(spec.hostNetwork ? ", hostNetwork" : "")")
    }
}
