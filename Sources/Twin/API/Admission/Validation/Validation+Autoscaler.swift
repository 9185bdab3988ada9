import Core
import Kubernetes

/// HorizontalPodAutoscalers in their stored form, v2 (pkg/apis/autoscaling/validation).
extension Validation {
    mutating func autoscaler(_ spec: JSON) {
        let (low, high) = (spec["minReplicas"], spec["maxReplicas"] ?? 0)
        if let low, let number = low.int, number < 1 { invalid("spec.minReplicas", low, "must be greater than or equal to 1") }
        if high.int ?? 0 < 1 { invalid("spec.maxReplicas", high, "must be greater than 0") }
        if let number = low?.int, high.int ?? 0 < number {
            invalid("spec.maxReplicas", high, "must be greater than or equal to `minReplicas`")
        }
        objectReference(spec["scaleTargetRef"] ?? [:], "spec.scaleTargetRef")
        for (at, metric) in each(spec["metrics"], "spec.metrics") { self.metric(metric, at) }
        if low == 0, !(spec["metrics"]?.array ?? []).contains(where: { $0["type"] == "Object" || $0["type"] == "External" }) {
            forbidden("spec.metrics", "must specify at least one Object or External metric to support scaling to zero replicas")
        }
        for member in ["scaleUp", "scaleDown"] {
            if let rules = spec[at: "behavior", member] { scalingRules(rules, "spec.behavior.\(member)") }
        }
    }

    private mutating func objectReference(_ reference: JSON, _ field: String) {
        for member in ["kind", "name"] { requiredForm(reference[text: member], "\(field).\(member)", Names.pathSegment) }
    }

    private static let metricKinds = ["ContainerResource", "External", "Object", "Pods", "Resource"]

    private mutating func metric(_ metric: JSON, _ at: String) {
        let type = metric[text: "type"]
        if type.isEmpty { required("\(at).type", "must specify a metric source type") }
        choice(.string(type), "\(at).type", Validation.metricKinds)
        let present = ["object", "external", "pods", "resource", "containerResource"].filter { metric[$0] != nil }
        if let first = present.first { source(metric[first] ?? [:], first, "\(at).\(first)") }
        var expected = ""
        if Validation.metricKinds.contains(type) {
            expected = type.prefix(1).lowercased() + type.dropFirst()
            if metric[expected] == nil { required("\(at).\(expected)", "must populate information for the given metric source") }
        } else {
            choice(.string(type), "\(at).type", Validation.metricKinds)
        }
        if present.count != 1 {
            for other in present.sorted() where other != expected {
                forbidden("\(at).\(other)", "must populate the given metric source only")
            }
        }
    }

    private mutating func source(_ source: JSON, _ kind: String, _ field: String) {
        let target = source["target"] ?? [:]
        switch kind {
        case "resource", "containerResource":
            if source[text: "name"].isEmpty { required("\(field).name", "must specify a resource name") }
            if kind == "containerResource" {
                if !source[text: "name"].isEmpty { containerResource(source[text: "name"], "\(field).name") }
                if source[text: "container"].isEmpty { required("\(field).container", "must specify a container") }
                optionalForm(source["container"], "\(field).container", Names.label)
            }
            metricTarget(target, "\(field).target")
            if target["averageUtilization"] == nil, target["averageValue"] == nil {
                required("\(field).target.averageUtilization", "must set either a target raw value or a target utilization")
            }
            if target["averageUtilization"] != nil, target["averageValue"] != nil {
                forbidden("\(field).target.averageValue", "may not set both a target raw value and a target utilization")
            }
            return
        case "object": objectReference(source["describedObject"] ?? [:], "\(field).describedObject")
        default: break
        }
        if source["metric"]?[text: "name"].isEmpty ?? true { required("\(field).metric.name", "must specify a metric name") }
        optionalForm(source[at: "metric", "name"], "\(field).metric.name", Names.pathSegment)
        metricTarget(target, "\(field).target")
        let (whole, average) = (target["value"] != nil, target["averageValue"] != nil)
        switch kind {
        case "pods":
            if !average { required("\(field).target.averageValue", "must specify a positive target averageValue") }
        case "object":
            if !whole, !average { required("\(field).target.averageValue", "must set either a target value or averageValue") }
        default:
            if !whole, !average {
                required("\(field).target.averageValue", "must set either a target value for metric or a per-pod target")
            }
            if whole, average { forbidden("\(field).target.value", "may not set both a target value for metric and a per-pod target") }
        }
    }

    private mutating func metricTarget(_ target: JSON, _ field: String) {
        let type = target[text: "type"]
        if type.isEmpty { required("\(field).type", "must specify a metric target type") }
        if !["Utilization", "Value", "AverageValue"].contains(type) {
            invalid("\(field).type", .string(type), "must be either Utilization, Value, or AverageValue")
        }
        for member in ["value", "averageValue"] {
            if let amount = Amounts.quantity(target[member]), amount <= .zero {
                invalid("\(field).\(member)", .string("\(amount)"), "must be positive")
            }
        }
        if let share = target["averageUtilization"], share.int ?? 1 < 1 {
            invalid("\(field).averageUtilization", share, "must be greater than 0")
        }
    }

    private mutating func scalingRules(_ rules: JSON, _ field: String) {
        if let window = rules["stabilizationWindowSeconds"], let seconds = window.int {
            let at = "\(field).stabilizationWindowSeconds"
            if seconds < 0 { invalid(at, window, "must be greater than or equal to zero") }
            if seconds > 3600 { invalid(at, window, "must be less than or equal to 3600") }
        }
        choice(rules["selectPolicy"], "\(field).selectPolicy", ["Disabled", "Max", "Min"])
        if rules["policies"]?.array?.isEmpty == true { required("\(field).policies", "must specify at least one Policy") }
        for (at, policy) in each(rules["policies"], "\(field).policies") {
            choice(policy["type"] ?? "", "\(at).type", ["Percent", "Pods"])
            for member in ["value", "periodSeconds"] where policy[member]?.int ?? 0 <= 0 {
                invalid("\(at).\(member)", policy[member] ?? 0, "must be greater than zero")
            }
            if let period = policy["periodSeconds"], period.int ?? 0 > 1800 {
                invalid("\(at).periodSeconds", period, "must be less than or equal to 1800")
            }
        }
        if let tolerance = Amounts.quantity(rules["tolerance"]), tolerance < .zero {
            invalid("\(field).tolerance", .string("\(tolerance)"), "must be greater than or equal to zero")
        }
    }
}
