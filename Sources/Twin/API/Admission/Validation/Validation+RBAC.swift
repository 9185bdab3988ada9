import Core
import Kubernetes

/// Roles and bindings (pkg/apis/rbac/validation).
extension Validation {
    mutating func rules(_ role: JSON, isNamespaced: Bool) {
        for (at, rule) in each(role["rules"], "rules") {
            func count(_ member: String) -> Int { rule[member]?.array?.count ?? 0 }
            if count("verbs") == 0 { required("\(at).verbs", "verbs must contain at least one value") }
            if count("nonResourceURLs") > 0 {
                if isNamespaced {
                    invalid(
                        "\(at).nonResourceURLs", rule["nonResourceURLs"], "namespaced rules cannot apply to non-resource URLs")
                }
                if count("apiGroups") + count("resources") + count("resourceNames") > 0 {
                    invalid(
                        "\(at).nonResourceURLs", rule["nonResourceURLs"],
                        "rules cannot apply to both regular resources and non-resource URLs")
                }
                continue
            }
            if count("apiGroups") == 0 { required("\(at).apiGroups", "resource rules must supply at least one api group") }
            if count("resources") == 0 { required("\(at).resources", "resource rules must supply at least one resource") }
        }
        guard let aggregation = role["aggregationRule"] else { return }
        let field = "aggregationRule.clusterRoleSelectors"
        if aggregation["clusterRoleSelectors"]?.array?.isEmpty ?? true {
            required(field, "at least one clusterRoleSelector required if aggregationRule is non-nil")
        }
        for (at, selector) in each(aggregation["clusterRoleSelectors"], field) { labelSelector(selector, at) }
    }

    private static let group = "rbac.authorization.k8s.io"

    mutating func roleBinding(_ binding: JSON, isNamespaced: Bool) {
        let role = binding["roleRef"] ?? [:]
        choice(role["apiGroup"], "roleRef.apiGroup", [Validation.group])
        choice(.string(role[text: "kind"]), "roleRef.kind", isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"])
        requiredForm(role[text: "name"], "roleRef.name", Names.pathSegment)
        for (at, subject) in each(binding["subjects"], "subjects") {
            let (name, group) = (subject[text: "name"], subject[text: "apiGroup"])
            if name.isEmpty { required("\(at).name") }
            switch subject[text: "kind"] {
            case "ServiceAccount":
                optionalForm(subject["name"], "\(at).name", Names.subdomain)
                if !group.isEmpty { unsupported("\(at).apiGroup", .string(group), [""]) }
                if !isNamespaced, subject[text: "namespace"].isEmpty { required("\(at).namespace") }
            case "User", "Group":
                if name.isEmpty { invalid("\(at).name", "", "\(subject[text: "kind"].lowercased()) name cannot be empty") }
                choice(.string(group), "\(at).apiGroup", [Validation.group])
            case let kind: unsupported("\(at).kind", .string(kind), ["ServiceAccount", "User", "Group"])
            }
        }
    }
}
