import Core
import Diagnosis
import Kubernetes

/// Something that is not a pod cannot be made or changed since an admission webhook does not answer: a certificate, an Ingress, what a delivery tool
/// applies. Those who make pods have a rule of their own.
struct WebhookCallRule: Rule {
    let name = "webhook-call"
    let categories = ["admission-webhook-failing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Objects cannot be made or changed since an admission webhook does not answer.",
            sees: ["events", "validatingwebhookconfigurations", "mutatingwebhookconfigurations", "services"],
            evidence: [
                "an event of the last quarter of an hour that says which webhook could not be called; the configuration that has it"
            ],
            contradictedBy: ["failurePolicy Ignore: then nothing is held up"],
            next: ["look at what is behind the Service of the webhook, and at the certificate that it shows"],
            references: ["https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/"])
    }

    private static let freshness: Duration = .seconds(900)
    /// What makes pods.
    private static let makers: Set<String> = ["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "Deployment"]

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        guard !scene.webhookConfigurations.isEmpty else { return }
        for event in scene.snapshot.events {
            guard event.severity == "Warning", let seen = event.lastSeen, scene.now - seen < Self.freshness,
                !Self.makers.contains(event.regarding.kind), let failure = WebhookFailure(event.message, scene)
            else { continue }
            let about = "\(event.regarding.kind)/\(event.regarding.name)"
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "admission-webhook-failing", resource: failure.path, depth: .external, severity: .high,
                    complaint: "does not answer", fact: "\(about) is held up",
                    text:
                        "the admission webhook \(failure.webhook) \(failure.why), and its failurePolicy is Fail, so what \(about) asks for is refused",
                    since: event.firstSeen, support: [Support(.decisive, scene.evidence(event))] + failure.support,
                    next: ["kubectl describe \(failure.path.resource.lowercased())"]))
        }
    }
}
