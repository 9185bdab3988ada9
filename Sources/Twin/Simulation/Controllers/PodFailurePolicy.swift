import Core
import Kubernetes

/// What the failure of a pod means to its Job (`spec.podFailurePolicy`): the first rule that matches decides.
enum PodFailurePolicy {
    enum Action: Equatable {
        case count, ignore, failIndex
        case failJob(String)
    }

    static func action(_ job: JSON, _ entry: PodEntry, _ world: World) -> Action {
        guard let rules = job["spec"]?["podFailurePolicy"]?["rules"]?.array, let pod = world.store.get(entry.key) else { return .count }
        for (i, rule) in rules.enumerated() {
            guard let why = match(rule, pod, entry) else { continue }
            switch rule["action"]?.string {
            case "FailJob": return .failJob(ControllerTexts.failedByRule(why, "FailJob", String(i)))
            case "Ignore": return .ignore
            case "FailIndex": return .failIndex
            default: return .count
            }
        }
        return .count
    }

    /// What a rule matches, as the message tells it.
    private static func match(_ rule: JSON, _ pod: JSON, _ entry: PodEntry) -> String? {
        let name = "\(entry.key.namespace)/\(entry.key.name)"
        if let codes = rule["onExitCodes"] {
            let values = Set((codes["values"]?.array ?? []).compactMap(\.int))
            let statuses = (pod["status"]?["initContainerStatuses"]?.array ?? []) + (pod["status"]?["containerStatuses"]?.array ?? [])
            for status in statuses where codes["containerName"] == nil || codes["containerName"] == status["name"] {
                guard let code = status["state"]?["terminated"]?["exitCode"]?.int, code != 0 else { continue }
                if values.contains(code) == (codes["operator"]?.string == "In") {
                    return ControllerTexts.exitCodeMatched(status["name"]?.string ?? "", name, String(code))
                }
            }
        }
        for pattern in rule["onPodConditions"]?.array ?? [] {
            let type = pattern["type"]?.string ?? ""
            if pod.condition(type)?["status"]?.string == pattern["status"]?.string ?? "True" {
                return ControllerTexts.conditionMatched(name, type)
            }
        }
        return nil
    }
}
