import Core
import Kubernetes

/// Keeps the taints of a node that say in what state it is: from its conditions, and whether it is cordoned.
enum NodeTaints {
    private static let prefix = "node.kubernetes.io/"

    /// Which taints a status of a condition brings.
    private static let rules: [(type: String, status: String, key: String, effects: [String])] = [
        ("Ready", "False", "not-ready", ["NoSchedule", "NoExecute"]), ("Ready", "Unknown", "unreachable", ["NoSchedule", "NoExecute"]),
        ("MemoryPressure", "True", "memory-pressure", ["NoSchedule"]), ("DiskPressure", "True", "disk-pressure", ["NoSchedule"]),
        ("PIDPressure", "True", "pid-pressure", ["NoSchedule"]),
        ("NetworkUnavailable", "True", "network-unavailable", ["NoSchedule"]),
    ]

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard var node = world.store.get(key) else { return }
        let old = node["spec"]?["taints"]?.array ?? []
        var wanted: [(key: String, effect: String)] = []
        if node["spec"]?["unschedulable"]?.bool == true { wanted.append((Taint.unschedulable.key, "NoSchedule")) }
        for rule in rules where node.condition(rule.type)?["status"]?.string == rule.status {
            wanted += rule.effects.map { (prefix + rule.key, $0) }
        }
        let own = Set(rules.map { prefix + $0.key } + [Taint.unschedulable.key])
        func has(_ taint: JSON, _ item: (key: String, effect: String)) -> Bool {
            taint["key"]?.string == item.key && taint["effect"]?.string == item.effect
        }
        var taints = old.filter { taint in
            !own.contains(taint["key"]?.string ?? "") || wanted.contains { has(taint, $0) }
        }
        for item in wanted where !taints.contains(where: { has($0, item) }) {
            taints.append(["key": .string(item.key), "effect": .string(item.effect), "timeAdded": world.now.json])
        }
        guard taints != old else { return }
        node[at: "spec", "taints"] = JSON.unlessEmpty(taints)
        world.write(node, key)
    }
}
