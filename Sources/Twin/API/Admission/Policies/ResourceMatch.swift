import Core
import Kubernetes

/// Whether a write is among those that a policy or a binding speaks of (`MatchResources` of admissionregistration.k8s.io/v1).
struct ResourceMatch {
    let request: AdmissionRequest
    let store: ObjectStore

    /// The version of the resource under which the write is meant; nil when it is not. Without rules every write is.
    func version(in resources: JSON?) -> APIResource? {
        let rules = resources?["resourceRules"]?.array ?? []
        guard selects(resources) else { return nil }
        if isNamed(by: resources?["excludeResourceRules"]?.array ?? [], resources) != nil { return nil }
        return rules.isEmpty ? request.resource : isNamed(by: rules, resources)
    }

    private func isNamed(by rules: [JSON], _ resources: JSON?) -> APIResource? {
        var versions = [request.resource]
        if resources?["matchPolicy"] != "Exact" {
            versions += request.resources.all.filter {
                $0.storage == request.resource.storage && $0.type != request.resource.type && !$0.verbs.isEmpty
            }
        }
        return versions.first { version in rules.contains { names($0, version.type) } }
    }

    private func names(_ rule: JSON, _ type: ResourceType) -> Bool {
        func has(_ field: String, _ value: String) -> Bool {
            (rule[field]?.array ?? []).contains { $0.string == value || $0 == "*" }
        }
        let names = rule["resourceNames"]?.array ?? []
        let scope = rule["scope"]?.string ?? "*"
        return has("operations", request.operation) && has("apiGroups", type.group) && has("apiVersions", type.version)
            && (names.isEmpty || names.contains { $0.string == request.name })
            && (scope == "*" || (scope == "Namespaced") == type.isNamespaced) && namesResource(rule, type.plural)
    }

    /// `pods`, `pods/status`, `pods/*`, `*`, `*/status`, `*/*`.
    private func namesResource(_ rule: JSON, _ plural: String) -> Bool {
        (rule["resources"]?.array ?? []).compactMap(\.string).contains { resource in
            let sides = resource.split(separator: "/", maxSplits: 1)
            guard let first = sides.first, first == "*" || first == plural else { return false }
            guard sides.count == 2 else { return request.subresource.isEmpty }
            return sides[1] == "*" || sides[1] == request.subresource
        }
    }

    private func selects(_ resources: JSON?) -> Bool {
        let object = Selectors.labelSelector(resources?["objectSelector"])
        let candidates = [request.object, request.oldObject].compactMap(\.self)
        guard object.isEmpty || candidates.contains(where: { object.matches(ResourceMatch.labels($0)) }) else { return false }
        let home = Selectors.labelSelector(resources?["namespaceSelector"])
        if home.isEmpty { return true }
        if request.resource.type == .namespaces {
            return home.matches(ResourceMatch.labels(request.object ?? request.oldObject))
        }
        guard request.resource.type.isNamespaced else { return true }
        return home.matches(ResourceMatch.labels(store.get(ObjectKey(type: .namespaces, namespace: "", name: request.namespace))))
    }

    private static func labels(_ object: JSON?) -> [String: String] { object?[at: "metadata", "labels"]?.stringMap ?? [:] }
}
