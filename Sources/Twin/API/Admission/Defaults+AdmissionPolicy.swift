import Core

// Admission policies and their bindings (pkg/apis/admissionregistration/v1/defaults.go of Kubernetes v1.36).
extension Defaults {
    /// Completes `MatchResources`, where they are given.
    static func matchResources(in members: inout JSONObject, _ field: String) {
        guard var resources = members[field]?.object else { return }
        let defaults: [(String, JSON)] = [("matchPolicy", "Equivalent"), ("namespaceSelector", [:]), ("objectSelector", [:])]
        for (key, value) in defaults where resources[key] == nil { resources[key] = value }
        for list in ["resourceRules", "excludeResourceRules"] {
            guard let rules = resources[list]?.array else { continue }
            resources[list] = .array(
                rules.map { rule in
                    var rule = rule
                    if rule["scope"] == nil { rule["scope"] = "*" }
                    return rule
                })
        }
        members[field] = .object(resources)
    }
}
