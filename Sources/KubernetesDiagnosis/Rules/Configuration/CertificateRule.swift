import Core
import Diagnosis
import Kubernetes

/// A certificate that has run out, or is about to, and who shows it.
struct CertificateRule: Rule {
    let name = "certificate"
    let categories = ["certificate-expired"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A TLS certificate has run out, or does so within a week.",
            sees: ["secrets", "ingresses", "pods"],
            evidence: ["notAfter of the certificate", "the Ingress or workload that shows it; clients that say so in their logs"],
            contradictedBy: ["nothing uses the Secret: then it is hygiene"],
            next: ["renew the certificate"],
            references: ["https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets"])
    }

    /// So long before the end somebody should know: renewals are due weeks earlier. Those of a short life are renewed later, by themselves.
    private static let warning: Duration = .seconds(7 * 86_400)
    private static let shareOfLife = 0.1

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        concludeOutside(examination, &draft)
        for secret in scene.snapshot.secrets {
            guard let term = secret.certificate,
                term.notAfter < scene.now + min(Self.warning, (term.notAfter - term.notBefore) * Self.shareOfLife)
            else { continue }
            let path = scene.path("Secret", secret.metadata.namespace, secret.metadata.name)
            let isOver = term.notAfter <= scene.now
            let users = scene.snapshot.ingresses.filter { ingress in
                ingress.metadata.namespace == secret.metadata.namespace
                    && ingress.spec.tls.contains { $0.secretName == secret.metadata.name }
            }
            var support = [
                Support(.decisive, Evidence(.status, source: path.resource, text: "notAfter \(term.notAfter)", time: term.notAfter))
            ]
            for ingress in users.prefix(3) {
                let ingressPath = scene.path("Ingress", ingress.metadata.namespace, ingress.metadata.name)
                draft.graph.add(ingressPath, .references, path)
                support.append(
                    Support(.strong, Evidence(.spec, source: ingressPath.resource, text: "tls.secretName \(secret.metadata.name)")))
            }
            let mounting = scene.workloads(in: secret.metadata.namespace).filter { w in
                scene.workloads[w].template?.spec.volumes.contains { $0.secret?.secretName == secret.metadata.name } ?? false
            }
            for w in mounting {
                draft.graph.add(scene.workloads[w].path, .mounts, path)
                support.append(scene.spec(scene.workloads[w].path, .strong, "mounts Secret \(secret.metadata.name)"))
            }
            let clients = examination.complaints.filter { complaint in
                complaint.clue.kind == .certificateExpired && complaint.clue.peers.contains { term.hosts.contains($0.host) }
            }
            support += clients.map { Support(.strong, $0.evidence) }
            // What nobody shows harms nobody.
            guard !users.isEmpty || !mounting.isEmpty || support.count > 1 else {
                draft.hygiene.append(
                    Finding(
                        rule: name, kind: .hygiene, severity: .low, entity: path,
                        text: "the certificate in Secret \(path.name), which nothing uses, ran out",
                        firstSeen: term.notAfter, lastSeen: scene.now, evidence: support.map(\.evidence)))
                continue
            }
            let who = users.first.map { "Ingress \($0.metadata.name)" } ?? mounting.first.map { scene.workloads[$0].name } ?? "a program"
            let when = isOver ? "ran out at \(term.notAfter)" : "runs out at \(term.notAfter)"
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "certificate-expired", resource: path, depth: .external, severity: isOver ? .high : .medium,
                    complaint: isOver ? "has run out" : "is about to run out", fact: when,
                    text: "the certificate in Secret \(path.name), which \(who) shows, \(when)", since: isOver ? term.notAfter : nil,
                    support: support, explains: Set(mounting.map { scene.workloads[$0].path } + clients.map(\.workload)).sorted(),
                    next: ["renew the certificate in Secret \(path.name)"]))
        }
    }

    /// A program cannot go on since the certificate of somebody outside of the cluster has run out: where that lies is nothing that is seen.
    private func concludeOutside(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        let known = Set(scene.snapshot.secrets.compactMap(\.certificate).flatMap(\.hosts))
        for complaint in examination.complaints where complaint.clue.kind == .certificateExpired {
            let namespace = complaint.workload.namespace
            guard let status = complaint.status,
                let peer = complaint.clue.peers.first(where: { $0.host.contains(".") && !$0.isAddress && !known.contains($0.host) }),
                ServiceName(peer.host, namespace: namespace).map({ scene.service($0.namespace, $0.name) == nil }) ?? true
            else { continue }
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "certificate-expired", resource: complaint.workload, key: complaint.container.name,
                    depth: .general,
                    severity: complaint.severity, complaint: "does not start", fact: "the certificate of \(peer.host) has run out",
                    text:
                        "\(complaint.workload.name) ends because the certificate that \(peer.host) shows has run out, or a clock is wrong",
                    since: complaint.since, support: [Support(.strong, complaint.evidence), status],
                    facts: ["container": .string(complaint.container.name)]))
        }
    }
}
