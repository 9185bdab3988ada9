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

    let webhook: String

    /// Nil where the message of an event names no webhook that could not be called, or no configuration has one of that name.
    init?(_ message: String, _ scene: Scene) {
        guard let webhook = LogLine(message).word(after: "failed calling webhook "),
            let found = scene.webhookConfigurations.first(where: { $0.webhooks.contains { $0.name == webhook } }),
            let hook = found.webhooks.first(where: { $0.name == webhook })
        else { return nil }
        path = found.path
        self.webhook = webhook
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
        self.why = why + (Self.reason(message).map { " (\($0))" } ?? "")
        self.support = support
    }

    /// What follows the URL in `failed to call webhook: Post "https://…": context deadline exceeded`.
    private static func reason(_ message: String) -> String? {
        guard let call = message.firstRange(of: "failed to call webhook: "),
            let end = message[call.upperBound...].firstRange(of: "\": ")
        else { return nil }
        let reason = String(message[end.upperBound...])
        return reason.isEmpty ? nil : String(reason.prefix(120))
    }
}
