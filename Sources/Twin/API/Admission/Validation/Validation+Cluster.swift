import Core
import Kubernetes

/// What is small: disruption budgets, priority classes, leases and namespaces (pkg/apis/policy, scheduling and coordination).
extension Validation {
    /// The levels of pod security that a namespace asks for (k8s.io/pod-security-admission/api, PolicyToEvaluate).
    mutating func podSecurityLabels(_ namespace: JSON) {
        let labels = namespace[at: "metadata", "labels"]?.stringMap ?? [:]
        for mode in ["enforce", "audit", "warn"] {
            let (level, version) = ("pod-security.kubernetes.io/\(mode)", "pod-security.kubernetes.io/\(mode)-version")
            if let word = labels[level], !["privileged", "baseline", "restricted"].contains(word) {
                invalid("metadata.labels[\(level)]", .string(word), "must be one of privileged, baseline, restricted")
            }
            if let word = labels[version], word != "latest", word.wholeMatch(of: /v1\.(0|[1-9][0-9]*)/) == nil {
                invalid("metadata.labels[\(version)]", .string(word), "must be \"latest\" or \"v1.x\"")
            }
        }
    }

    mutating func disruptionBudget(_ spec: JSON) {
        if spec["minAvailable"] != nil, spec["maxUnavailable"] != nil {
            invalid("spec", GoForm.of(spec, "PodDisruptionBudgetSpec"), "minAvailable and maxUnavailable cannot be both set")
        }
        for member in ["minAvailable", "maxUnavailable"] {
            intOrPercent(spec[member], "spec.\(member)")
            notOverAll(spec[member], "spec.\(member)")
        }
        labelSelector(spec["selector"], "spec.selector")
        choice(spec["unhealthyPodEvictionPolicy"], "spec.unhealthyPodEvictionPolicy", ["AlwaysAllow", "IfHealthyBudget"])
    }

    private static let systemPriorities = ["system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000]

    mutating func priorityClass(_ object: JSON) {
        let (name, value) = (object[at: "metadata", "name"]?.string ?? "", object["value"]?.int ?? 0)
        if name.hasPrefix("system-") {
            let mistake: String?
            switch Validation.systemPriorities[name] {
            case nil: mistake = "\(name) is not a known system priority class"
            case let known? where known != value: mistake = "value of \(name) PriorityClass must be \(known)"
            default: mistake = object["globalDefault"]?.bool == true ? "globalDefault of \(name) PriorityClass must be false" : nil
            }
            if let mistake {
                forbidden(
                    "metadata.name",
                    "priority class names with 'system-' prefix are reserved for system use only. error: \(mistake)")
            }
        } else if value > 1_000_000_000 {
            forbidden("value", "maximum allowed value of a user defined priority is 1000000000")
        }
        choice(object["preemptionPolicy"], "preemptionPolicy", ["PreemptLowerPriority", "Never"], isRequired: true)
    }

    mutating func lease(_ spec: JSON) {
        positive(spec["leaseDurationSeconds"], "spec.leaseDurationSeconds")
        nonNegative(spec["leaseTransitions"], "spec.leaseTransitions")
        choice(spec["strategy"], "spec.strategy.strategy", ["OldestEmulationVersion"])
        if !spec[text: "preferredHolder"].isEmpty, spec[text: "strategy"].isEmpty {
            forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined")
        }
    }
}
