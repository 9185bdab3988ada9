import Core
import Kubernetes

// Roles, webhooks and definitions.
extension Validation {
    mutating func role(_ object: JSON, isNamespaced: Bool) {
        for (i, rule) in (object["rules"]?.array ?? []).enumerated() {
            func isEmpty(_ member: String) -> Bool { rule[member]?.array?.isEmpty ?? true }
            let place = "rules[\(i)]"
            if isEmpty("verbs") { required("\(place).verbs", "verbs must contain at least one value") }
            if !isEmpty("nonResourceURLs") {
                if isNamespaced {
                    invalid(
                        "\(place).nonResourceURLs", rule["nonResourceURLs"] ?? .null, "namespaced rules cannot apply to non-resource URLs")
                }
                if !isEmpty("apiGroups") || !isEmpty("resources") || !isEmpty("resourceNames") {
                    invalid(
                        "\(place).nonResourceURLs", rule["nonResourceURLs"] ?? .null,
                        "rules cannot apply to both regular resources and non-resource URLs")
                }
                continue
            }
            if isEmpty("apiGroups") { required("\(place).apiGroups", "resource rules must supply at least one api group") }
            if isEmpty("resources") { required("\(place).resources", "resource rules must supply at least one resource") }
        }
    }

    mutating func binding(_ object: JSON, isNamespaced: Bool) {
        let group = "rbac.authorization.k8s.io"
        let role = object["roleRef"]
        oneOf(role?["apiGroup"], [group], "roleRef.apiGroup")
        let kinds = isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]
        let kind = role?["kind"]?.string ?? ""
        if !kinds.contains(kind) { unsupported("roleRef.kind", .string(kind), kinds) }
        let name = role?["name"]?.string ?? ""
        if name.isEmpty { required("roleRef.name") }
        for why in Names.pathSegmentProblems(name) where !name.isEmpty { invalid("roleRef.name", .string(name), why) }
        for (i, subject) in (object["subjects"]?.array ?? []).enumerated() {
            let place = "subjects[\(i)]"
            let name = subject["name"]?.string ?? ""
            if name.isEmpty { required("\(place).name") }
            switch subject["kind"]?.string {
            case "ServiceAccount":
                if !name.isEmpty { subdomain(name, "\(place).name") }
                if let other = subject["apiGroup"], other != "" { unsupported("\(place).apiGroup", other, [""]) }
                if !isNamespaced, subject["namespace"]?.string?.isEmpty ?? true { required("\(place).namespace") }
            case "User", "Group": oneOf(subject["apiGroup"], [group], "\(place).apiGroup")
            default: unsupported("\(place).kind", subject["kind"] ?? "", ["ServiceAccount", "User", "Group"])
            }
        }
    }

    mutating func webhooks(_ webhooks: [JSON]) {
        var names: Set<String> = []
        for (i, hook) in webhooks.enumerated() {
            let place = "webhooks[\(i)]"
            let name = hook["name"]?.string ?? ""
            if name.isEmpty {
                required("\(place).name")
            } else {
                subdomain(name, "\(place).name")
                if name.split(separator: ".", omittingEmptySubsequences: false).count < 3 {
                    invalid("\(place).name", .string(name), "should be a domain with at least three segments separated by dots")
                }
            }
            labelSelector(hook["namespaceSelector"], "\(place).namespaceSelector")
            labelSelector(hook["objectSelector"], "\(place).objectSelector")
            for (j, rule) in (hook["rules"]?.array ?? []).enumerated() {
                for member in ["operations", "apiGroups", "apiVersions", "resources"] where rule[member]?.array?.isEmpty ?? true {
                    required("\(place).rules[\(j)].\(member)")
                }
                oneOf(rule["scope"], ["*", "Cluster", "Namespaced"], "\(place).rules[\(j)].scope")
            }
            oneOf(hook["failurePolicy"], ["Fail", "Ignore"], "\(place).failurePolicy")
            oneOf(hook["matchPolicy"], ["Equivalent", "Exact"], "\(place).matchPolicy")
            let effects = ["None", "NoneOnDryRun"]
            if hook["sideEffects"]?.string?.isEmpty ?? true {
                required("\(place).sideEffects", "must specify one of \(effects.joined(separator: ", "))")
            } else {
                oneOf(hook["sideEffects"], effects, "\(place).sideEffects")
            }
            if let seconds = hook["timeoutSeconds"]?.int, !(1...30).contains(seconds) {
                invalid("\(place).timeoutSeconds", JSON(seconds), "the timeout value must be between 1 and 30 seconds")
            }
            let client = hook["clientConfig"]
            if (client?["url"] == nil) == (client?["service"] == nil) {
                required("\(place).clientConfig", "exactly one of url or service is required")
            }
            for member in ["name", "namespace"] where client?["service"] != nil && client?[at: "service", member]?.string?.isEmpty ?? true {
                required("\(place).clientConfig.service.\(member)", "service \(member) is required")
            }
            if hook["admissionReviewVersions"]?.array?.isEmpty ?? true {
                required("\(place).admissionReviewVersions", "must specify one of v1, v1beta1")
            }
            unique(name, &names, "\(place).name")
        }
    }

    mutating func definition(_ object: JSON) {
        let spec = object["spec"]
        let (plural, group) = (spec?[at: "names", "plural"]?.string ?? "", spec?["group"]?.string ?? "")
        let name = object[at: "metadata", "name"]?.string ?? ""
        if name != "\(plural).\(group)" { invalid("metadata.name", .string(name), "must be spec.names.plural+\".\"+spec.group") }
        if group.isEmpty {
            required("spec.group")
        } else {
            subdomain(group, "spec.group")
            if !group.contains(".") { invalid("spec.group", .string(group), "should be a domain with at least one dot") }
        }
        let scopes = ["Cluster", "Namespaced"]
        let scope = spec?["scope"]?.string ?? ""
        if scope.isEmpty { required("spec.scope") } else if !scopes.contains(scope) { unsupported("spec.scope", .string(scope), scopes) }
        let versions = spec?["versions"]?.array ?? []
        var names: Set<String> = []
        for (i, version) in versions.enumerated() {
            let place = "spec.versions[\(i)]"
            if let text = version["name"]?.string {
                for why in Names.serviceNameProblems(text) { invalid("\(place).name", .string(text), why) }
                if !names.insert(text).inserted { invalid("\(place).name", .string(text), "must contain unique version names") }
            }
            if version[at: "schema", "openAPIV3Schema"] == nil {
                required("\(place).schema.openAPIV3Schema", "schemas are required")
            }
        }
        if versions.filter({ $0["storage"]?.bool == true }).count != 1 {
            invalid("spec.versions", spec?["versions"] ?? .null, "must have exactly one version marked as storage version")
        }
        for member in ["plural", "kind"] where spec?[at: "names", member]?.string?.isEmpty ?? true { required("spec.names.\(member)") }
        if !plural.isEmpty { for why in Names.serviceNameProblems(plural) { invalid("spec.names.plural", .string(plural), why) } }
    }
}
