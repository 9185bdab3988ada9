import Core
import Diagnosis
import Kubernetes

/// A variable names a port that its Service does not offer, and the program's calls to it fail.
struct AddressRule: Rule {
    let name = "address"
    let categories = ["service-env-address-mismatch", "db-wrong-port"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A variable names a port that its Service does not offer, so calls fail.",
            sees: ["pods", "logs", "services"],
            evidence: ["a refused or unanswered call in the log that names host and port", "the variable, and the ports of the Service"],
            contradictedBy: ["the Service offers the port, or is headless"],
            next: ["correct the port in the variable"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/service/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        var told: Set<String> = []
        for complaint in examination.complaints {
            guard [.connectionRefused, .connectionTimedOut].contains(complaint.clue.kind) else { continue }
            let namespace = complaint.workload.namespace
            for called in scene.calledPeers(of: complaint.container, in: namespace) {
                guard let service = called.service, let port = called.peer.port, service.spec.type != "ExternalName",
                    !service.spec.ports.isEmpty, !service.spec.ports.contains(where: { $0.port == port }),
                    // A headless Service leads straight to the pods, on whatever port they listen.
                    service.spec.clusterIP != "None" || !isOpen(port, behind: service, scene),
                    // A line may name nobody, or the host alone.
                    complaint.clue.peers.contains(where: { isSame($0, called, service) })
                        || complaint.clue.peers.isEmpty && complaint.isEnding,
                    told.insert("\(complaint.workload) \(called.variable)").inserted
                else { continue }
                let ports = service.spec.ports.map { String($0.port) }.joined(separator: ", ")
                let isDatabase = called.isDatabase
                let path = scene.path("Service", service.metadata.namespace, service.metadata.name)
                draft.graph.add(complaint.workload, .calls, path)
                draft.noteCalls(of: complaint, effect: "its calls to \(service.metadata.name):\(port) fail")
                var support = [
                    Support(.strong, complaint.evidence),
                    scene.spec(
                        complaint.workload, .strong,
                        "\(called.variable) names \(called.peer.host):\(port); Service \(service.metadata.name) offers \(ports)"),
                ]
                if let status = complaint.status { support.append(status) }
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: isDatabase ? "db-wrong-port" : "service-env-address-mismatch", resource: complaint.workload,
                        key: called.variable, depth: .specific, severity: complaint.severity,
                        complaint: "cannot reach \(service.metadata.name)",
                        fact: "\(called.variable) names port \(port), the Service offers \(ports)",
                        text:
                            "\(called.variable) of \(complaint.workload.name) names port \(port) of \(service.metadata.name), which offers \(ports), so its calls fail",
                        since: complaint.since, support: support,
                        facts: ["container": .string(complaint.container.name), "variable": .string(called.variable)]))
            }
        }
    }

    /// Whether pods behind a Service may listen on a port: one that they declare, or any where they declare none.
    private func isOpen(_ port: Int, behind service: Service, _ scene: Scene) -> Bool {
        let declared = scene.workloads(behind: service).flatMap { scene.workloads[$0].template?.spec.containers ?? [] }.flatMap(\.ports)
        return declared.isEmpty || declared.contains { $0.containerPort == port }
    }

    private func isSame(_ peer: Peer, _ called: CalledPeer, _ service: Service) -> Bool {
        (peer.port ?? called.peer.port) == called.peer.port && (peer.host == called.peer.host || peer.host == service.spec.clusterIP)
    }
}
