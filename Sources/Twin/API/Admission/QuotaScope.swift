import Core
import Kubernetes

/// Which objects a quota counts: all, or those that every one of its `scopes` and of the expressions of its `scopeSelector` takes in
/// (pkg/quota/v1/evaluator/core, podMatchesScopeFunc).
struct QuotaScope {
    private let demands: [(name: String, demand: JSON)]

    init(_ quota: JSON) {
        let scopes = (quota[at: "spec", "scopes"]?.array ?? []).compactMap(\.string)
        let expressions = quota[at: "spec", "scopeSelector", "matchExpressions"]?.array ?? []
        demands = scopes.map { ($0, ["operator": "Exists"]) } + expressions.map { ($0["scopeName"]?.string ?? "", $0) }
    }

    /// Only pods have scopes, and claims the one of their class of attributes: nothing else is counted by a quota that has some.
    func contains(_ object: JSON, _ type: ResourceType) -> Bool {
        demands.allSatisfy { name, demand in
            switch (type, name) {
            case (.pods, "Terminating"): isTerminating(object)
            case (.pods, "NotTerminating"): !isTerminating(object)
            case (.pods, "BestEffort"): isBestEffort(object)
            case (.pods, "NotBestEffort"): !isBestEffort(object)
            case (.pods, "PriorityClass"): QuotaScope.matches(object[at: "spec", "priorityClassName"]?.string, demand)
            case (.pods, "CrossNamespacePodAffinity"): QuotaScope.reachesOut(object)
            case (.persistentVolumeClaims, "VolumeAttributesClass"):
                QuotaScope.matches(object[at: "spec", "volumeAttributesClassName"]?.string, demand)
            default: false
            }
        }
    }

    private func isTerminating(_ pod: JSON) -> Bool { pod[at: "spec", "activeDeadlineSeconds"]?.int.map { $0 >= 0 } ?? false }

    private func isBestEffort(_ pod: JSON) -> Bool { QualityOfService.of(pod["spec"] ?? [:]) == .bestEffort }

    private static func matches(_ value: String?, _ demand: JSON) -> Bool {
        let value = value.flatMap { $0.isEmpty ? nil : $0 }
        let isNamed = (demand["values"]?.array ?? []).contains { $0.string == value && value != nil }
        return switch demand["operator"]?.string {
        case "Exists": value != nil
        case "DoesNotExist": value == nil
        case "In": isNamed
        case "NotIn": !isNamed
        default: false
        }
    }

    /// Whether a term of pod affinity looks beyond the namespace of the pod.
    private static func reachesOut(_ pod: JSON) -> Bool {
        ["podAffinity", "podAntiAffinity"].contains { kind in
            let affinity = pod[at: "spec", "affinity", kind]
            let required = affinity?["requiredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
            let preferred = (affinity?["preferredDuringSchedulingIgnoredDuringExecution"]?.array ?? []).compactMap { $0["podAffinityTerm"] }
            return (required + preferred).contains { term in
                term["namespaces"]?.array?.isEmpty == false || term["namespaceSelector"]?.object != nil
            }
        }
    }
}
