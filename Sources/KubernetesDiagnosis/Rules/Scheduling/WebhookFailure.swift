import Core
import Diagnosis
import Kubernetes

/// An admission webhook that the API server could not call, as an event names it.
struct WebhookFailure {
    /// The configuration that has it.
    let path: EntityPath
    /// `cannot be called: Service x does not exist`
    let why: String
    let support: [Support]

    /// Nil where no configuration has a webhook of that name.
    init?(_ webhook: String, _ scene: Scene) {
        guard let found = scene.webhookConfigurations.first(where: { $0.webhooks.contains { $0.name == webhook } }),
            let hook = found.webhooks.first(where: { $0.name == webhook })
        else { return nil }
        path = found.path
        var support = [scene.spec(path, .strong, "webhook \(webhook), failurePolicy \(hook.failurePolicy ?? "Fail")")]
        var why = "cannot be called"
        if let service = hook.clientConfig.service {
            if scene.snapshot.knows("services"), scene.service(service.namespace, service.name) == nil,
                scene.snapshot.namespaces?.contains(service.namespace) ?? true
            {
                why = "cannot be called: Service \(service.name) does not exist"
                support.append(
                    Support(
                        .strong,
                        Evidence(
                            .status, source: "Service/\(service.name)",
                            text: "there is no Service \(service.name) in namespace \(service.namespace)")))
            } else {
                why = "cannot be called at Service \(service.name)"
            }
        }
        self.why = why
        self.support = support
    }
}
