import Core

/// The conditions of a Deployment (k8s.io/kubernetes/pkg/controller/deployment/util).
struct DeploymentConditions: Sendable {
    private(set) var list: [JSON]

    init(_ status: JSON?) { list = status?["conditions"]?.array ?? [] }

    subscript(type: String) -> JSON? { list.first { $0["type"]?.string == type } }

    static func make(_ type: String, _ status: String, _ reason: String, _ message: String, _ now: Timestamp) -> JSON {
        [
            "type": .string(type), "status": .string(status), "lastUpdateTime": now.json, "lastTransitionTime": now.json,
            "reason": .string(reason), "message": .string(message),
        ]
    }

    /// Same status and reason: nothing happens. Same status: the time of the last transition stays.
    mutating func set(_ condition: JSON) {
        let old = self[condition["type"]?.string ?? ""]
        if let old, old["status"] == condition["status"], old["reason"] == condition["reason"] { return }
        replace(condition, keepingTransition: old.flatMap { $0["status"] == condition["status"] ? $0["lastTransitionTime"] : nil })
    }

    /// Sets it again although status and reason are the same, so that its update time moves.
    mutating func refresh(_ condition: JSON) {
        let old = self[condition["type"]?.string ?? ""]
        replace(condition, keepingTransition: old.flatMap { $0["status"] == condition["status"] ? $0["lastTransitionTime"] : nil })
    }

    private mutating func replace(_ condition: JSON, keepingTransition transition: JSON?) {
        var condition = condition
        if let transition { condition["lastTransitionTime"] = transition }
        remove(condition["type"]?.string ?? "")
        list.append(condition)
    }

    mutating func remove(_ type: String) { list.removeAll { $0["type"]?.string == type } }
}
