import Core
import Kubernetes

// What limits and scales others: budgets, autoscalers, quotas, limit ranges, priorities, leases.
extension Validation {
    mutating func budget(_ spec: JSON) {
        let (least, most) = (spec["minAvailable"], spec["maxUnavailable"])
        if least != nil, most != nil {
            let shown: JSON = [
                "MinAvailable": least ?? .null, "Selector": spec["selector"] ?? .null, "MaxUnavailable": most ?? .null,
                "UnhealthyPodEvictionPolicy": spec["unhealthyPodEvictionPolicy"] ?? .null,
            ]
            invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set")
        }
        for name in ["minAvailable", "maxUnavailable"] {
            guard let value = spec[name] else { continue }
            numberOrPercent(value, "spec.\(name)")
            notMoreThanAll(value, "spec.\(name)")
        }
        labelSelector(spec["selector"], "spec.selector")
        oneOf(spec["unhealthyPodEvictionPolicy"], ["AlwaysAllow", "IfHealthyBudget"], "spec.unhealthyPodEvictionPolicy")
    }

    // MARK: Autoscalers

    mutating func autoscaler(_ spec: JSON) {
        if let least = spec["minReplicas"], (least.int ?? 1) < 1 {
            invalid("spec.minReplicas", least, "must be greater than or equal to 1")
        }
        let most = spec["maxReplicas"]?.int ?? 0
        if most < 1 { invalid("spec.maxReplicas", JSON(most), "must be greater than 0") }
        if let least = spec["minReplicas"]?.int, most < least {
            invalid("spec.maxReplicas", JSON(most), "must be greater than or equal to `minReplicas`")
        }
        reference(spec["scaleTargetRef"], "spec.scaleTargetRef")
        for (i, metric) in (spec["metrics"]?.array ?? []).enumerated() { self.metric(metric, "spec.metrics[\(i)]") }
        for direction in ["scaleUp", "scaleDown"] {
            if let rules = spec[at: "behavior", direction] { scalingRules(rules, "spec.behavior.\(direction)") }
        }
    }

    private mutating func reference(_ reference: JSON?, _ field: String) {
        for member in ["kind", "name"] {
            let text = reference?[member]?.string ?? ""
            if text.isEmpty { required("\(field).\(member)") }
            for why in Names.pathSegmentProblems(text) where !text.isEmpty { invalid("\(field).\(member)", .string(text), why) }
        }
    }

    private static let metricSources = [
        "ContainerResource": "containerResource", "External": "external", "Object": "object", "Pods": "pods", "Resource": "resource",
    ]

    private mutating func metric(_ metric: JSON, _ field: String) {
        let kind = metric["type"]?.string ?? ""
        let known = Validation.metricSources.keys.sorted()
        if kind.isEmpty { required("\(field).type", "must specify a metric source type") }
        if !known.contains(kind) { unsupported("\(field).type", .string(kind), known) }
        let present = ["object", "external", "pods", "resource", "containerResource"].filter { metric[$0] != nil }
        if let first = present.first { metricSource(metric[first] ?? [:], first, "\(field).\(first)") }
        if let member = Validation.metricSources[kind] {
            if metric[member] == nil { required("\(field).\(member)", "must populate information for the given metric source") }
            if present.count != 1 {
                for other in present where other != member {
                    forbidden("\(field).\(other)", "must populate the given metric source only")
                }
            }
        } else {
            unsupported("\(field).type", .string(kind), known)
        }
    }

    private mutating func metricSource(_ source: JSON, _ kind: String, _ field: String) {
        let target = source["target"]
        let (utilization, average, whole) = (target?["averageUtilization"], target?["averageValue"], target?["value"])
        switch kind {
        case "resource", "containerResource":
            if source["name"]?.string?.isEmpty ?? true { required("\(field).name", "must specify a resource name") }
            if kind == "containerResource", source["container"]?.string?.isEmpty ?? true {
                required("\(field).container", "must specify a container")
            }
        default:
            if kind == "object" { reference(source["describedObject"], "\(field).describedObject") }
            if source[at: "metric", "name"]?.string?.isEmpty ?? true { required("\(field).metric.name", "must specify a metric name") }
        }
        metricTarget(target ?? [:], "\(field).target")
        switch kind {
        case "resource", "containerResource":
            if utilization == nil, average == nil {
                required("\(field).target.averageUtilization", "must set either a target raw value or a target utilization")
            }
            if utilization != nil, average != nil {
                forbidden("\(field).target.averageValue", "may not set both a target raw value and a target utilization")
            }
        case "pods": if average == nil { required("\(field).target.averageValue", "must specify a positive target averageValue") }
        case "object":
            if whole == nil, average == nil { required("\(field).target.averageValue", "must set either a target value or averageValue") }
        default:
            if whole == nil, average == nil {
                required("\(field).target.averageValue", "must set either a target value for metric or a per-pod target")
            }
            if whole != nil, average != nil {
                forbidden("\(field).target.value", "may not set both a target value for metric and a per-pod target")
            }
        }
    }

    private mutating func metricTarget(_ target: JSON, _ field: String) {
        let kind = target["type"]?.string ?? ""
        if kind.isEmpty { required("\(field).type", "must specify a metric target type") }
        if !["Utilization", "Value", "AverageValue"].contains(kind) {
            invalid("\(field).type", .string(kind), "must be either Utilization, Value, or AverageValue")
        }
        for member in ["value", "averageValue"] {
            if let amount = Amounts.quantity(target[member]), amount <= .zero {
                invalid("\(field).\(member)", .string(amount.description), "must be positive")
            }
        }
        if let share = target["averageUtilization"], (share.int ?? 1) < 1 {
            invalid("\(field).averageUtilization", share, "must be greater than 0")
        }
    }

    private mutating func scalingRules(_ rules: JSON, _ field: String) {
        if let window = rules["stabilizationWindowSeconds"]?.int {
            let place = "\(field).stabilizationWindowSeconds"
            if window < 0 { invalid(place, JSON(window), "must be greater than or equal to zero") }
            if window > 3600 { invalid(place, JSON(window), "must be less than or equal to 3600") }
        }
        oneOf(rules["selectPolicy"], ["Disabled", "Max", "Min"], "\(field).selectPolicy")
        let policies = rules["policies"]?.array ?? []
        if policies.isEmpty { required("\(field).policies", "must specify at least one Policy") }
        for (i, policy) in policies.enumerated() {
            let place = "\(field).policies[\(i)]"
            let kind = policy["type"]?.string ?? ""
            if !["Pods", "Percent"].contains(kind) { unsupported("\(place).type", .string(kind), ["Percent", "Pods"]) }
            for member in ["value", "periodSeconds"] {
                let number = policy[member]?.int ?? 0
                if number <= 0 { invalid("\(place).\(member)", JSON(number), "must be greater than zero") }
                if member == "periodSeconds", number > 1800 {
                    invalid("\(place).\(member)", JSON(number), "must be less than or equal to 1800")
                }
            }
        }
    }

    // MARK: Quotas and limits

    mutating func quota(_ spec: JSON) {
        for (name, value) in spec["hard"]?.object ?? [:] {
            let place = "spec.hard[\(name)]"
            let before = causes.count
            qualifiedName(name, place)
            if causes.count == before, !name.contains("/"), !Validation.isStandardResource(name) {
                invalid(place, .string(name), "must be a standard resource type or fully qualified")
                invalid(place, .string(name), "must be a standard resource for quota")
            }
            amount(value, name, place)
        }
        let scopes = [
            "BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating",
            "VolumeAttributesClass",
        ]
        for scope in spec["scopes"]?.array ?? [] where !scopes.contains(scope.string ?? "") {
            invalid("spec.scopes", spec["scopes"] ?? .null, "unsupported scope")
        }
    }

    mutating func limitRange(_ spec: JSON) {
        var kinds: Set<String> = []
        for (i, item) in (spec["limits"]?.array ?? []).enumerated() {
            let place = "spec.limits[\(i)]"
            let kind = item["type"]?.string ?? ""
            let before = causes.count
            qualifiedName(kind, "\(place).type")
            if causes.count == before, !kind.contains("/"), !["Pod", "Container", "PersistentVolumeClaim"].contains(kind) {
                invalid("\(place).type", .string(kind), "must be a standard limit type or fully qualified")
            }
            unique(kind, &kinds, "\(place).type")
            for member in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
                guard let amounts = item[member]?.object, !amounts.isEmpty else { continue }
                if kind == "Pod", member.hasPrefix("default") {
                    forbidden("\(place).\(member)", "may not be specified when `type` is 'Pod'")
                    continue
                }
                for name in amounts.keys where kind == "Pod" || kind == "Container" {
                    containerResource(name, "\(place).\(member)[\(name)]")
                }
            }
            if kind == "PersistentVolumeClaim", item[at: "min", "storage"] == nil, item[at: "max", "storage"] == nil {
                required("\(place).limits", "either minimum or maximum storage value is required, but neither was provided")
            }
            let names = ["max", "min", "default", "defaultRequest"].flatMap { item[$0]?.object?.keys ?? [] }
            for name in Set(names).sorted() { limitOrder(item, name, place) }
        }
    }

    /// Minimum, default request, default limit and maximum of one resource must rise.
    private mutating func limitOrder(_ item: JSON, _ name: String, _ field: String) {
        func value(_ member: String) -> Quantity? { Amounts.quantity(item[at: member, name]) }
        let rules: [(low: String, high: String, blamed: String, shown: String, text: (Quantity, Quantity) -> String)] = [
            ("min", "max", "min", "min", { "min value \($0) is greater than max value \($1)" }),
            (
                "min", "defaultRequest", "defaultRequest", "defaultRequest",
                { "min value \($0) is greater than default request value \($1)" }
            ),
            (
                "defaultRequest", "max", "defaultRequest", "defaultRequest",
                { "default request value \($0) is greater than max value \($1)" }
            ),
            (
                "defaultRequest", "default", "defaultRequest", "defaultRequest",
                { "default request value \($0) is greater than default limit value \($1)" }
            ),
            ("min", "default", "default", "min", { "min value \($0) is greater than default value \($1)" }),
            ("default", "max", "default", "max", { "default value \($0) is greater than max value \($1)" }),
        ]
        for rule in rules {
            guard let low = value(rule.low), let high = value(rule.high), low > high, let shown = value(rule.shown) else { continue }
            invalid("\(field).\(rule.blamed)[\(name)]", .string(shown.description), rule.text(low, high))
        }
    }

    // MARK: Priorities and leases

    mutating func priorityClass(_ object: JSON) {
        let name = object[at: "metadata", "name"]?.string ?? ""
        if name.hasPrefix("system-"), !["system-node-critical", "system-cluster-critical"].contains(name) {
            forbidden(
                "metadata.name",
                "priority class names with 'system-' prefix are reserved for system use only. error: \(name) is not a known system priority class"
            )
        } else if !name.hasPrefix("system-"), let value = object["value"]?.int, value > 1_000_000_000 {
            forbidden("value", "maximum allowed value of a user defined priority is 1000000000")
        }
        oneOf(object["preemptionPolicy"], ["PreemptLowerPriority", "Never"], "preemptionPolicy")
    }

    mutating func lease(_ spec: JSON) {
        positive(spec["leaseDurationSeconds"], "spec.leaseDurationSeconds")
        if let number = spec["leaseTransitions"]?.int, number < 0 {
            invalid("spec.leaseTransitions", JSON(number), "must be greater than or equal to 0")
        }
        if let holder = spec["holderIdentity"]?.string, holder.isEmpty { invalid("spec.holderIdentity", "", "must not be empty") }
    }
}
