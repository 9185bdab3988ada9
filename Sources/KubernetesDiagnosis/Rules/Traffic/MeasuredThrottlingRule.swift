import Core
import Diagnosis
import Kubernetes

/// The CPU limit is used up in many periods although no more is asked of the program than before: the limit is too low.
struct MeasuredThrottlingRule: Rule {
    let name = "measured-throttling"
    let categories = ["cpu-throttled"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The CPU limit is used up in many periods, and requests wait.",
            sees: ["metrics", "pods"],
            evidence: ["the share of periods in which the quota was used up", "limits.cpu; latency"],
            contradictedBy: ["it uses more CPU than before: then that is the cause"],
            next: ["raise limits.cpu"],
            references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        // Where a neighbour has taken the node, there is no CPU to be had below the limit either.
        for facts in examination.traffic?.facts ?? []
        where facts.isThrottled && !facts.isBusier && !facts.burnsCPU && !facts.complains && facts.neighbour == nil {
            let containers = examination.scene.workloads[facts.workload].template?.spec.containers ?? []
            guard let share = facts.signals.throttledShare,
                let limited = containers.first(where: { $0.resources.limits["cpu"] != nil }), let limit = limited.resources.limits["cpu"]
            else { continue }
            draft.hypotheses.append(
                facts.hypothesis(
                    name, "cpu-throttled", complaint: "is throttled",
                    fact: "CPU limit \(limit), used up in \(TrafficWords.percent(share)) of all periods",
                    text:
                        "the CPU limit \(limit) of container \(limited.name) is used up in \(TrafficWords.percent(share)) of all periods, and of \(facts.path.name) \(facts.effect)",
                    support: [
                        facts.felt(),
                        Support(
                            .strong,
                            Evidence(
                                .metric, source: "Pod/\(facts.path.name)",
                                text: "throttled in \(TrafficWords.percent(share)) of all periods")),
                        examination.scene.spec(facts.path, .strong, "limits.cpu \(limit)"),
                    ], key: limited.name, change: facts.release, next: ["raise limits.cpu of container \(limited.name)"]))
        }
    }
}
