import Core
import Kubernetes
import Remediation

/// What stands in the way of a workload, told from the objects of a rehearsed cluster.
struct Obstacles {
    /// The decisive facts, most frequent first, without repetition.
    let lines: [String]

    init(of seen: ObservedTarget) {
        var counts: [String: Int] = [:]
        func add(_ line: String) { counts[line, default: 0] += 1 }
        for object in [seen.object] + (seen.related["ReplicaSet"] ?? []) {
            for condition in object[at: "status", "conditions"]?.array ?? []
            where condition["type"]?.string == "ReplicaFailure" && condition["status"]?.string == "True" {
                add(condition["message"]?.string ?? "pods cannot be created")
            }
        }
        for pod in KubernetesVitals.pods(of: seen) where !KubernetesVitals.isReady(pod) {
            for condition in pod[at: "status", "conditions"]?.array ?? []
            where condition["type"]?.string == "PodScheduled" && condition["status"]?.string == "False" {
                add(condition["message"]?.string ?? "no node takes it")
            }
            for key in ["initContainerStatuses", "containerStatuses"] {
                for status in pod[at: "status", key]?.array ?? [] {
                    let name = status["name"]?.string ?? ""
                    if let waiting = status[at: "state", "waiting"], let reason = waiting["reason"]?.string,
                        !["ContainerCreating", "PodInitializing"].contains(reason)
                    {
                        let ended = status[at: "lastState", "terminated"]
                        let why = ended.flatMap { $0["reason"]?.string }.map { " after \($0)" } ?? ""
                        let code = ended.flatMap { $0["exitCode"]?.int }.map { " (exit code \($0))" } ?? ""
                        let message = reason == "CrashLoopBackOff" ? "" : waiting["message"]?.string.map { ": \($0)" } ?? ""
                        add("container \(name): \(reason)\(why)\(code)\(message)")
                    } else if let ended = status[at: "state", "terminated"] ?? status[at: "lastState", "terminated"],
                        ended["exitCode"]?.int != 0
                    {
                        add("container \(name): \(ended["reason"]?.string ?? "ended") (exit code \(ended["exitCode"]?.int ?? 0))")
                    } else if status[at: "state", "running"] != nil, status["ready"]?.bool == false {
                        add("container \(name): runs and does not become ready")
                    }
                }
            }
            if pod[at: "status", "phase"]?.string == "Pending",
                (pod[at: "status", "containerStatuses"]?.array ?? []).allSatisfy({
                    $0[at: "state", "waiting", "reason"]?.string == "ContainerCreating"
                }), pod[at: "spec", "nodeName"]?.string != nil
            {
                add("its containers cannot be made: a volume is not ready")
            }
        }
        lines = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }
}
