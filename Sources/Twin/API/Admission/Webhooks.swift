import Core
import Kubernetes

/// Admission webhooks (kubernetes.io "Dynamic Admission Control"). A simulated cluster calls none: one whose service does not exist or has no
/// endpoints fails as it would in life, by its failure policy; any other lets everything through.
enum Webhooks {
    /// Those that change objects are called before an object is looked at, those that judge it at the end.
    enum Phase {
        case mutating, validating
    }

    /// `operation`: `CREATE`, `UPDATE`, `DELETE`.
    static func check(
        _ object: JSON, _ key: ObjectKey, operation: String, _ phase: Phase, _ store: ObjectStore
    ) throws(APIFailure) {
        guard key.type.group != "admissionregistration.k8s.io" else { return }
        let type: ResourceType = phase == .mutating ? .mutatingWebhookConfigurations : .validatingWebhookConfigurations
        for configuration in store.list(type, namespace: nil) {
            for webhook in configuration["webhooks"]?.array ?? []
            where concerns(webhook, object, key, operation, store) && webhook["failurePolicy"] != "Ignore" {
                guard let why = unreachable(webhook, store) else { continue }
                let text = "failed calling webhook \"\(webhook["name"]?.string ?? "")\": failed to call webhook: \(why)"
                throw APIFailure(500, "InternalError", "Internal error occurred: \(text)", causes: [.init(reason: "", message: text)])
            }
        }
    }

    private static func concerns(_ webhook: JSON, _ object: JSON, _ key: ObjectKey, _ operation: String, _ store: ObjectStore) -> Bool {
        let isWanted = (webhook["rules"]?.array ?? []).contains { rule in
            func has(_ field: String, _ value: String) -> Bool {
                (rule[field]?.array ?? []).contains { $0.string == value || $0 == "*" || $0 == "*/*" }
            }
            let scope = rule["scope"]?.string ?? "*"
            return has("operations", operation) && has("apiGroups", key.type.group) && has("apiVersions", key.type.version)
                && has("resources", key.type.plural) && (scope == "*" || (scope == "Namespaced") == key.type.isNamespaced)
        }
        guard isWanted else { return false }
        let home = key.type == .namespaces ? object : store.get(ObjectKey(type: .namespaces, namespace: "", name: key.namespace))
        return matches(webhook["namespaceSelector"], home) && matches(webhook["objectSelector"], object)
    }

    private static func matches(_ selector: JSON?, _ object: JSON?) -> Bool {
        let selector = Selectors.labelSelector(selector)
        return selector.isEmpty || selector.matches(object?[at: "metadata", "labels"]?.stringMap ?? [:])
    }

    /// Why the call would fail; nil where it would not.
    private static func unreachable(_ webhook: JSON, _ store: ObjectStore) -> String? {
        guard let service = webhook[at: "clientConfig", "service"] else { return nil }
        let (namespace, name) = (service["namespace"]?.string ?? "", service["name"]?.string ?? "")
        let path = service["path"]?.string ?? "/"
        let address =
            "https://\(name).\(namespace).svc:\(service["port"]?.int ?? 443)\(path)?timeout=\(webhook["timeoutSeconds"]?.int ?? 10)s"
        guard store.get(ObjectKey(type: .services, namespace: namespace, name: name)) != nil else {
            return "Post \"\(address)\": service \"\(name)\" not found"
        }
        return Services.answer(name, namespace, store) ? nil : "Post \"\(address)\": no endpoints available for service \"\(name)\""
    }
}

/// Services as those see them who call them through the API server.
enum Services {
    /// Whether there is an endpoint behind a service.
    static func answer(_ name: String, _ namespace: String, _ store: ObjectStore) -> Bool {
        store.list(.endpointSlices, namespace: namespace).contains {
            $0[at: "metadata", "labels", "kubernetes.io/service-name"]?.string == name && $0["endpoints"]?.array?.isEmpty == false
        }
    }
}
