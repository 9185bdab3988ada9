import Core
import Diagnosis
import Kubernetes

/// The program ends because a host name that it was given does not exist.
struct NameLookupRule: Rule {
    let name = "name-lookup"
    let categories = ["dns-name-not-found"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The program ends because a host name that it was given does not exist.",
            sees: ["pods", "logs", "services"],
            evidence: [
                "a failed look-up in the log; the variable that holds the name; no Service of that name, one that is nearly the same"
            ],
            contradictedBy: ["the Service exists; many workloads fail to look up names (cluster-dns-down)"],
            next: ["correct the name in the variable"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for complaint in examination.complaints where complaint.clue.kind == .nameNotFound {
            guard let host = complaint.clue.subject ?? onlyUnknown(complaint, scene),
                complaint.isEnding || isConfigured(host, complaint, scene)
            else { continue }
            draft.noteCalls(of: complaint, effect: "it looks up \(host), which does not exist")
            draft.hypotheses.append(hypothesis(complaint, host, scene))
        }
    }

    /// The one name that a program is told to call and that no Service has, where its log does not say which name it looked up (.NET).
    private func onlyUnknown(_ complaint: Complaint, _ scene: Scene) -> String? {
        guard complaint.isEnding, scene.snapshot.knows("services") else { return nil }
        let namespace = complaint.workload.namespace
        let hosts = Set(
            scene.calledPeers(of: complaint.container, in: namespace).filter {
                $0.service == nil && !$0.peer.isAddress && ServiceName($0.peer.host, namespace: namespace) != nil
            }.map(\.peer.host))
        return hosts.count == 1 ? hosts.first : nil
    }

    /// Whether a program that runs was told the name, or means a Service: one from outside, such as its users give it, is their affair.
    private func isConfigured(_ host: String, _ complaint: Complaint, _ scene: Scene) -> Bool {
        ServiceName(host, namespace: complaint.workload.namespace) != nil
            || scene.calledPeers(of: complaint.container, in: complaint.workload.namespace).contains { $0.peer.host == host.lowercased() }
    }

    private func hypothesis(_ complaint: Complaint, _ host: String, _ scene: Scene) -> Hypothesis {
        let (workload, container) = (complaint.workload, complaint.container)
        let namespace = workload.namespace
        var support = [Support(.decisive, complaint.evidence)]
        if let status = complaint.status { support.append(status) }
        var against: [Support] = []
        let target = ServiceName(host, namespace: namespace)
        var near: String?
        if let target, let service = scene.service(target.namespace, target.name), service.spec.type == "ExternalName" {
            support.append(
                scene.spec(
                    scene.path("Service", target.namespace, target.name), .strong,
                    "Service \(target.name) stands for \(service.spec.externalName ?? "a name outside"), which does not exist"))
        } else if let target, scene.service(target.namespace, target.name) != nil {
            against.append(scene.spec(scene.path("Service", target.namespace, target.name), .decisive, "Service \(target.name) exists"))
        } else if let target, scene.snapshot.knows("services") {
            let names = scene.snapshot.services.filter { $0.metadata.namespace == target.namespace }.map(\.metadata.name)
            near = NearMiss.of(target.name, among: names)
            let known = near.map { "; there is \($0)" } ?? ""
            support.append(
                scene.spec(workload, .strong, "there is no Service \(target.name) in namespace \(target.namespace)\(known)"))
        }
        if let variable = container.env.first(where: { $0.value?.contains(host) == true }) {
            support.append(scene.spec(workload, .supporting, "the name comes from \(variable.name)"))
        }
        return Hypothesis(
            rule: name, category: "dns-name-not-found", resource: workload, key: container.name, depth: .specific,
            severity: complaint.severity, complaint: complaint.isEnding ? "does not start" : "fails requests",
            fact: "the name \(host) does not exist",
            text: "container \(container.name) looks up \(host), which does not exist" + (near.map { "; a Service \($0) does" } ?? ""),
            since: complaint.since, support: support, against: against,
            facts: ["container": .string(container.name), "host": .string(host)])
    }
}

/// A host name taken apart as a cluster's DNS does: `name`, `name.namespace`, `name.namespace.svc[.cluster.local]`.
struct ServiceName: Hashable {
    let name: String
    let namespace: String

    /// Nil for names that are clearly outside the cluster.
    init?(_ host: String, namespace: String) {
        let parts = host.split(separator: ".").map(String.init)
        guard let first = parts.first, !first.isEmpty, !first.allSatisfy(\.isNumber) else { return nil }
        switch parts.count {
        case 1: (name, self.namespace) = (first, namespace)
        case 2: (name, self.namespace) = (first, parts[1])
        default:
            guard parts[2] == "svc" else { return nil }
            (name, self.namespace) = (first, parts[1])
        }
    }
}
