package import Core

/// Webhooks that may refuse writes.
package struct ValidatingWebhookConfiguration: KubernetesResource, Equatable {
    package static let type = ResourceType.validatingWebhookConfigurations

    @Shared package var metadata: ObjectMeta
    package var webhooks: [Webhook] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "webhooks": webhooks = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// Webhooks that may change writes.
package struct MutatingWebhookConfiguration: KubernetesResource, Equatable {
    package static let type = ResourceType.mutatingWebhookConfigurations

    @Shared package var metadata: ObjectMeta
    package var webhooks: [Webhook] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "webhooks": webhooks = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// One webhook. `failurePolicy` `Fail` refuses the write when it cannot be called.
package struct Webhook: JSONReadable, Equatable {
    package var name = ""
    package var clientConfig = WebhookClientConfig()
    package var failurePolicy: String?
    package var timeoutSeconds: Int?
    package var rules: [WebhookRule] = []
    package var namespaceSelector: LabelSelector?
    package var objectSelector: LabelSelector?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "clientConfig": clientConfig = try r.read() ?? WebhookClientConfig()
            case "failurePolicy": failurePolicy = try r.text()
            case "timeoutSeconds": timeoutSeconds = try r.int()
            case "rules": rules = try r.list()
            case "namespaceSelector": namespaceSelector = try r.read()
            case "objectSelector": objectSelector = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// Where a webhook is.
package struct WebhookClientConfig: JSONReadable, Equatable {
    package var url: String?
    package var service: ServiceReference?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "url": url = try r.text()
            case "service": service = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// What a webhook is asked about.
package struct WebhookRule: JSONReadable, Equatable {
    package var operations: [String] = []
    package var apiGroups: [String] = []
    package var apiVersions: [String] = []
    package var resources: [String] = []
    package var scope: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "operations": operations = try r.texts()
            case "apiGroups": apiGroups = try r.texts()
            case "apiVersions": apiVersions = try r.texts()
            case "resources": resources = try r.texts()
            case "scope": scope = try r.text()
            default: try r.skip()
            }
        }
    }
}
