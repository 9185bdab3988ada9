import Core
import Kubernetes

/// Quotas and limit ranges (ValidateResourceQuotaSpec, ValidateLimitRange).
extension Validation {
    mutating func quota(_ spec: JSON) {
        for (name, value) in members(spec["hard"]) {
            quotaResource(name, "spec.hard[\(name)]")
            quantity(value, name, "spec.hard[\(name)]")
        }
        let names = members(spec["hard"]).map(\.key)
        let scopes = (spec["scopes"]?.array ?? []).compactMap(\.string)
        for scope in scopes { self.scope(scope, names, "spec.scopes", shown: spec["scopes"] ?? .null, unknown: spec["scopes"] ?? .null) }
        conflicts(scopes, "spec.scopes", spec["scopes"] ?? .null)
        guard let selector = spec["scopeSelector"] else { return }
        let field = "spec.scopeSelector.matchExpressions"
        var selected: [String] = []
        for one in selector["matchExpressions"]?.array ?? [] {
            let (name, word) = (one[text: "scopeName"], one[text: "operator"])
            selected.append(name)
            scope(name, names, field, shown: selector, unknown: .string(name), unknownField: "\(field).scopeName")
            if name != "PriorityClass", name != "VolumeAttributesClass", Validation.scopes.contains(name), word != "Exists" {
                invalid(
                    "\(field).operator", .string(word),
                    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
                        + "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity")
            }
            let count = one["values"]?.array?.count ?? 0
            switch word {
            case "In", "NotIn":
                if count == 0 {
                    required("\(field).values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")
                }
            case "Exists", "DoesNotExist":
                if count > 0 {
                    invalid(
                        "\(field).values", one["values"],
                        "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")
                }
            default: invalid("\(field).operator", .string(word), "not a valid selector operator")
            }
        }
        conflicts(selected, field, spec["scopes"] ?? .null)
    }

    private static let scopes: Set = [
        "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity",
        "VolumeAttributesClass",
    ]
    private static let podResources: Set = ["pods", "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"]

    private mutating func scope(
        _ scope: String, _ names: [String], _ field: String, shown: JSON, unknown: JSON, unknownField: String? = nil
    ) {
        guard Validation.scopes.contains(scope) else { return invalid(unknownField ?? field, unknown, "unsupported scope") }
        let allowed: Set<String> =
            scope == "BestEffort" ? ["pods"] : scope == "VolumeAttributesClass" ? ["persistentvolumeclaims"] : Validation.podResources
        for name in names where !name.contains("/") && !allowed.contains(name) {
            invalid(field, shown, "unsupported scope applied to resource")
        }
    }

    private mutating func conflicts(_ scopes: [String], _ field: String, _ shown: JSON) {
        for word in ["BestEffort", "Terminating"] where scopes.contains(word) && scopes.contains("Not\(word)") {
            invalid(field, shown, "conflicting scopes")
        }
    }

    // MARK: Limit ranges

    mutating func limitRange(_ spec: JSON) {
        var types: Set<String> = []
        for (at, limit) in each(spec["limits"], "spec.limits") {
            let type = limit[text: "type"]
            if !Names.qualifiedName(type).isEmpty {
                form(type, "\(at).type", Names.qualifiedName)
            } else if !type.contains("/"), !["Pod", "Container", "PersistentVolumeClaim"].contains(type) {
                invalid("\(at).type", .string(type), "must be a standard limit type or fully qualified")
            }
            if !types.insert(type).inserted { duplicate("\(at).type", .string(type)) }
            limitNames(limit, type, at)
            let names = Set(["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"].flatMap { members(limit[$0]).map(\.key) })
            for name in names.sorted() { bounds(limit, name, at, isPod: type == "Pod") }
        }
    }

    private mutating func limitNames(_ limit: JSON, _ type: String, _ at: String) {
        for member in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
            if type == "Pod", member.hasPrefix("default") {
                if limit[member]?.object?.isEmpty == false { forbidden("\(at).\(member)", "may not be specified when `type` is 'Pod'") }
                continue
            }
            if member == "maxLimitRequestRatio", type == "PersistentVolumeClaim", limit[at: "min", "storage"] == nil,
                limit[at: "max", "storage"] == nil
            {
                required("\(at).limits", "either minimum or maximum storage value is required, but neither was provided")
            }
            for (name, _) in members(limit[member]) {
                let field = "\(at).\(member)[\(name)]"
                type == "Pod" || type == "Container" ? containerResource(name, field) : resourceName(name, field)
            }
        }
    }

    private mutating func bounds(_ limit: JSON, _ name: String, _ at: String, isPod: Bool) {
        func value(_ member: String) -> Quantity? { Amounts.quantity(limit[member]?[name]) }
        let (low, high) = (value("min"), value("max"))
        let (usual, asked) = isPod ? (nil, nil) : (value("default"), value("defaultRequest"))
        func field(_ member: String) -> String { "\(at).\(member)[\(name)]" }
        if let low, let high, low > high { invalid(field("min"), shown(low), "min value \(low) is greater than max value \(high)") }
        if let asked, let low, low > asked {
            invalid(field("defaultRequest"), shown(asked), "min value \(low) is greater than default request value \(asked)")
        }
        if let asked, let high, asked > high {
            invalid(field("defaultRequest"), shown(asked), "default request value \(asked) is greater than max value \(high)")
        }
        if let asked, let usual, asked > usual {
            invalid(field("defaultRequest"), shown(asked), "default request value \(asked) is greater than default limit value \(usual)")
        }
        if let usual, let low, low > usual {
            invalid(field("default"), shown(low), "min value \(low) is greater than default value \(usual)")
        }
        if let usual, let high, usual > high {
            invalid(field("default"), shown(high), "default value \(usual) is greater than max value \(high)")
        }
        if let ratio = value("maxLimitRequestRatio"), ratio < Quantity(1) {
            invalid(field("maxLimitRequestRatio"), shown(ratio), "ratio \(ratio) is less than 1")
        }
    }

    private func shown(_ amount: Quantity) -> JSON { .string("\(amount)") }
}
