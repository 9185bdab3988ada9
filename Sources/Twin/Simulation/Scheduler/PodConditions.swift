import Core

/// Conditions of pods as others than the kubelet write them.
enum PodConditions {
    /// Sets a condition; the time of its last transition moves only with its status. A given `observedGeneration` of null leaves it out.
    static func set(_ condition: JSON, on pod: inout JSON, now: Timestamp) {
        var conditions = pod["status"]?["conditions"]?.array ?? []
        let at = conditions.firstIndex { $0["type"] == condition["type"] }
        let old = at.map { conditions[$0] }
        var new: JSON = ["type": condition["type"] ?? ""]
        if condition["observedGeneration"] == nil { new["observedGeneration"] = JSON(pod.generation) }
        new["status"] = condition["status"]
        new["lastProbeTime"] = .some(.null)
        new["lastTransitionTime"] = old?["status"] == condition["status"] ? old?["lastTransitionTime"] : now.json
        new["reason"] = condition["reason"]
        new["message"] = condition["message"]
        if let at { conditions[at] = new } else { conditions.append(new) }
        pod[at: "status", "conditions"] = .array(conditions)
    }
}
