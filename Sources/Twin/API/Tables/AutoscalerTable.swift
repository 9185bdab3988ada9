import Core
import Kubernetes

enum AutoscalerTable {
    static let table = Table(
        columns: [
            Table.nameColumn, .init("Reference"), .init("Targets"), .init("MinPods"), .init("MaxPods"), .init("Replicas"), Table.ageColumn,
        ]
    ) { o, now in
        let current = o[at: "status", "currentMetrics"]?.array ?? []
        let targets = (o[at: "spec", "metrics"]?.array ?? []).enumerated().map {
            text($1, current.indices.contains($0) ? current[$0] : nil)
        }
        return [
            Table.name(o),
            .string("\(Table.text(o[at: "spec", "scaleTargetRef", "kind"]))/\(Table.text(o[at: "spec", "scaleTargetRef", "name"]))"),
            .string(
                targets.isEmpty
                    ? "<none>"
                    : targets.prefix(shown).joined(separator: ", ") + (targets.count > shown ? " + \(targets.count - shown) more..." : "")),
            .string(o[at: "spec", "minReplicas"]?.text() ?? "<unset>"),
            o[at: "spec", "maxReplicas"] ?? 0, o[at: "status", "currentReplicas"] ?? 0, Table.age(o, now),
        ]
    }

    /// More metrics are only counted.
    private static let shown = 2

    /// `cpu: 40%/50%`: what is measured, and what it should be.
    private static func text(_ metric: JSON, _ current: JSON?) -> String {
        let type = metric["type"]?.string ?? ""
        let key = type.prefix(1).lowercased() + type.dropFirst()
        let (wanted, have) = (metric[at: key, "target"], current?[at: key, "current"])
        func pair(_ field: String, unit: String = "") -> String? {
            guard let goal = wanted?[field] else { return nil }
            let now = have?[field].map { Table.text($0) + unit } ?? "<unknown>"
            return "\(now)/\(Table.text(goal))\(unit)"
        }
        let average = pair("averageValue")
        switch type {
        case "Resource", "ContainerResource":
            let goal = average ?? pair("averageUtilization", unit: "%") ?? "<unknown>/<auto>"
            return "\(Table.text(metric[at: key, "name"])): \(goal)"
        case "Pods": return average ?? "<unknown>"
        case "Object", "External": return average.map { $0 + " (avg)" } ?? pair("value") ?? "<unknown>"
        default: return "<unknown type>"
        }
    }
}
