import Core
import Kubernetes

/// `autoscaling/v1` knows one measure, the processor's use; all else travels in annotations (pkg/apis/autoscaling/v1/conversion.go).
enum AutoscalerForm {
    private static let prefix = "autoscaling.alpha.kubernetes.io/"
    private static let annotations = ["metrics", "current-metrics", "behavior", "conditions"].map { prefix + $0 }

    /// An autoscaler of version 2 as version 1 shows it.
    static func first(_ object: JSON) -> JSON {
        var object = object
        object["apiVersion"] = "autoscaling/v1"
        guard case .object(var spec)? = object["spec"] else { return object }
        let metrics = spec["metrics"]?.array ?? []
        let behavior = spec["behavior"]
        spec.removeValue(forKey: "metrics")
        spec.removeValue(forKey: "behavior")
        if let use = metrics.first(where: isProcessorUse)?[at: "resource", "target", "averageUtilization"] {
            spec["targetCPUUtilizationPercentage"] = use
        }
        object["spec"] = .object(spec)
        var notes: [(String, JSON)] = []
        let others = metrics.filter { !isProcessorUse($0) }
        if !others.isEmpty { notes.append(("metrics", .array(others.map { flat($0, "target") }))) }
        var status = object["status"]?.object ?? [:]
        let current = status["currentMetrics"]?.array ?? []
        if !current.isEmpty { notes.append(("current-metrics", .array(current.map { flat($0, "current") }))) }
        if let behavior, !behavior.isNull { notes.append(("behavior", renamed(behavior, up: true))) }
        let conditions = status["conditions"]?.array ?? []
        if !conditions.isEmpty { notes.append(("conditions", .array(conditions))) }
        for (name, value) in notes { object[at: "metadata", "annotations", prefix + name] = .string(value.text()) }
        guard object["status"] != nil else { return object }
        if let use = current.first(where: { $0[at: "resource", "name"] == "cpu" })?[at: "resource", "current", "averageUtilization"] {
            status["currentCPUUtilizationPercentage"] = use
        }
        for key in ["conditions", "currentMetrics"] { status.removeValue(forKey: key) }
        for key in ["currentReplicas", "desiredReplicas"] where status[key] == nil { status[key] = 0 }
        object["status"] = .object(status)
        return object
    }

    /// An autoscaler of version 1 as it is stored: what its annotations say is part of it again.
    static func second(_ object: JSON) -> JSON {
        var object = object
        object["apiVersion"] = "autoscaling/v2"
        guard case .object(var spec)? = object["spec"] else { return object }
        func note(_ name: String) -> JSON? {
            object[at: "metadata", "annotations", prefix + name]?.string.flatMap { try? JSON(parsing: Array($0.utf8)) }
        }
        var metrics = (note("metrics")?.array ?? []).map { nested($0, "target") }
        if let use = spec.removeValue(forKey: "targetCPUUtilizationPercentage") {
            metrics.append(
                ["type": "Resource", "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": use]]])
        }
        if !metrics.isEmpty { spec["metrics"] = .array(metrics) }
        if let behavior = note("behavior") { spec["behavior"] = renamed(behavior, up: false) }
        object["spec"] = .object(spec)
        for key in annotations where object[at: "metadata", "annotations", key] != nil { object[at: "metadata", "annotations", key] = nil }
        if object[at: "metadata", "annotations"]?.object?.isEmpty == true { object[at: "metadata", "annotations"] = nil }
        return object
    }

    private static func isProcessorUse(_ metric: JSON) -> Bool {
        metric["type"] == "Resource" && metric[at: "resource", "name"] == "cpu"
            && metric[at: "resource", "target", "averageUtilization"] != nil
    }

    /// The members in which a source of one version says what the other has in a value of its own: by source, member of version 2 and 1.
    private static func names(_ source: String, _ value: String) -> [(second: String, first: String)] {
        let isTarget = value == "target"
        func own(_ name: String) -> String { (isTarget ? "target" : "current") + name }
        return switch source {
        case "resource", "containerResource":
            [("averageUtilization", own("AverageUtilization")), ("averageValue", own("AverageValue"))]
        case "pods": [("averageValue", own("AverageValue"))]
        case "object": [("value", own("Value")), ("averageValue", "averageValue")]
        default: [("value", own("Value")), ("averageValue", own("AverageValue"))]
        }
    }

    /// A measure of version 2 in the form of version 1.
    private static func flat(_ metric: JSON, _ value: String) -> JSON {
        var out: JSON = ["type": metric["type"] ?? ""]
        for source in ["object", "pods", "resource", "containerResource", "external"] {
            guard let given = metric[source] else { continue }
            var one: JSON = [:]
            if let name = given["name"] { one["name"] = name }
            if let described = given["describedObject"] { one["target"] = described }
            if let metric = given["metric"] {
                one["metricName"] = metric["name"]
                one[source == "external" ? "metricSelector" : "selector"] = metric["selector"]
            }
            for (second, first) in names(source, value) { one[first] = given[at: value, second] }
            if let container = given["container"] { one["container"] = container }
            out[source] = one
        }
        return out
    }

    /// A measure of version 1 in the form of version 2.
    private static func nested(_ metric: JSON, _ value: String) -> JSON {
        var out: JSON = ["type": metric["type"] ?? ""]
        for source in ["object", "pods", "resource", "containerResource", "external"] {
            guard let given = metric[source] else { continue }
            var one: JSON = [:]
            if let name = given["name"] { one["name"] = name }
            if let described = given["target"] { one["describedObject"] = described }
            if let name = given["metricName"] { one["metric"] = ["name": name] }
            if let selector = given["selector"] ?? given["metricSelector"] { one[at: "metric", "selector"] = selector }
            var target: JSON = [:]
            for (second, first) in names(source, value) where given[first] != nil {
                target["type"] = .string(["averageUtilization": "Utilization", "averageValue": "AverageValue"][second] ?? "Value")
                target[second] = given[first]
            }
            one[value] = target
            if let container = given["container"] { one["container"] = container }
            out[source] = one
        }
        return out
    }

    /// The behaviour is written in the names of Go's own struct.
    private static func renamed(_ value: JSON, up: Bool) -> JSON {
        switch value {
        case .object(let members):
            .object(
                JSONObject(
                    members.map { key, value in
                        let first = up ? key.prefix(1).uppercased() : key.prefix(1).lowercased()
                        return (first + key.dropFirst(), renamed(value, up: up))
                    }))
        case .array(let list): .array(list.map { renamed($0, up: up) })
        default: value
        }
    }
}
