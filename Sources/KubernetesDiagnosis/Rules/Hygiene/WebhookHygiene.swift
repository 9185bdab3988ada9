import Core
import Diagnosis
import Kubernetes

/// An admission webhook behind which nobody answers: at once an outage of all writes that it must see, where it fails closed.
struct WebhookHygiene: HygieneRule {
    let name = "webhook-backend"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Nobody answers behind an admission webhook.",
            sees: ["webhook configurations", "services", "pods"],
            evidence: ["its Service, and the pods that this selects"],
            contradictedBy: ["a Service without a selector; a webhook by URL"],
            next: ["bring its pods back, or let it fail open"],
            references: ["https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        return scene.webhookConfigurations.flatMap { path, webhooks -> [Finding] in
            if said.speaks(of: path) { return [] }
            return webhooks.compactMap { webhook in
                guard let service = webhook.clientConfig.service, let fault = WebhookHygiene.fault(service, scene) else { return nil }
                let isClosed = webhook.failurePolicy != "Ignore"
                return finding(
                    path, key: webhook.name, severity: isClosed ? .critical : .medium,
                    "webhook \(webhook.name): \(fault); " + (isClosed ? "every write that it must see fails" : "its failures are ignored"),
                    now: scene.now)
            }
        }
    }

    /// What keeps a Service from answering; nil where that cannot be told, as of one without a selector.
    private static func fault(_ reference: ServiceReference, _ scene: Scene) -> String? {
        let (namespace, name) = (reference.namespace, reference.name)
        guard scene.snapshot.knows("services") else { return nil }
        guard let service = scene.service(namespace, name) else { return "Service \(namespace)/\(name) does not exist" }
        guard !service.spec.selector.isEmpty, scene.snapshot.seesPods(in: namespace) else { return nil }
        let pods = scene.index.selected(by: service.spec.selector, in: namespace).flatMap { scene.workloads[$0].allPods }
        if pods.isEmpty { return "no pod is behind Service \(namespace)/\(name)" }
        if pods.contains(where: { scene.snapshot.pods[$0].status.phase == "Running" }) { return nil }
        return "no pod behind Service \(namespace)/\(name) runs"
    }
}
