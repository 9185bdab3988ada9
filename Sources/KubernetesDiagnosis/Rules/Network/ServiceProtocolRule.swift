import Core
import Diagnosis
import Kubernetes

/// A Service offers UDP where its pods serve TCP, or the reverse.
struct ServiceProtocolRule: Rule {
    let name = "service-protocol"
    let categories = ["service-wrong-protocol"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A Service offers UDP where its pods serve TCP, or the reverse.",
            sees: ["services", "pods"],
            evidence: ["the protocol of the Service's port and that of the containers' port", "refused or unanswered calls"],
            contradictedBy: ["the Service offers the port in both protocols"],
            next: ["correct the protocol of the Service's port"],
            references: ["https://kubernetes.io/docs/reference/networking/service-protocols/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for service in scene.snapshot.services where !service.spec.selector.isEmpty && service.spec.type != "ExternalName" {
            guard let w = scene.workloads(behind: service).first, let template = scene.workloads[w].template else { continue }
            let declared = template.spec.containers.flatMap(\.ports)
            for port in service.spec.ports {
                let offered = port.protocol ?? "TCP"
                let same = declared.filter { candidate in
                    switch port.targetPort ?? .int(port.port) {
                    case .int(let number): candidate.containerPort == number
                    case .string(let name): candidate.name == name
                    }
                }
                guard !same.isEmpty, !same.contains(where: { ($0.protocol ?? "TCP") == offered }),
                    // Two ports of one number, one of each kind: the pair may be meant so.
                    !service.spec.ports.contains(where: { $0.port == port.port && ($0.protocol ?? "TCP") != offered })
                else { continue }
                let path = scene.path("Service", service.metadata.namespace, service.metadata.name)
                let served = same[0].protocol ?? "TCP"
                draft.graph.add(path, .selects, scene.workloads[w].path)
                var support = [
                    Support(
                        .decisive,
                        Evidence(
                            .spec, source: path.resource,
                            text: "port \(port.port) is \(offered); the pods of \(scene.workloads[w].name) declare it as \(served)"))
                ]
                var callers: Set<EntityPath> = []
                for complaint in examination.complaints
                where complaint.clue.kind == .connectionRefused || complaint.clue.kind == .connectionTimedOut {
                    let named = ServiceIndex.services(complaint.clue.peers, namespace: complaint.workload.namespace, scene)
                    guard named.contains(where: { $0.metadata.uid == service.metadata.uid && $0.metadata.name == service.metadata.name })
                    else {
                        continue
                    }
                    callers.insert(complaint.workload)
                    draft.graph.add(complaint.workload, .calls, path)
                    support.append(Support(.strong, complaint.evidence))
                    draft.noteCalls(of: complaint, effect: "its calls to \(service.metadata.name) fail")
                }
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: "service-wrong-protocol", resource: path, key: "\(port.port)", depth: .external,
                        severity: .high, complaint: "offers \(offered)", fact: "its pods speak \(served) on port \(same[0].containerPort)",
                        text: "Service \(service.metadata.name) offers port \(port.port) as \(offered), and its pods speak \(served)",
                        since: service.metadata.lastWrite, support: support, explains: callers.sorted()))
            }
        }
    }
}
