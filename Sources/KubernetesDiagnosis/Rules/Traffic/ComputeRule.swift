import Core
import Diagnosis

/// Something in the pods burns CPU, and requests wait for it.
struct ComputeRule: Rule {
    let name = "cpu-overload"
    let categories = ["pod-cpu-overload"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Something in the pods burns CPU, and requests wait for it.",
            sees: ["metrics"],
            evidence: ["CPU against before, with no more requests", "latency or failed requests"],
            contradictedBy: ["more requests come; a release at the same time"],
            next: ["see which process uses the CPU"],
            references: [])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        for facts in examination.traffic?.facts ?? []
        where facts.burnsCPU && !facts.isBusier && facts.insistent.isEmpty && facts.release == nil && facts.configuration.isEmpty
            && !facts.complains
        {
            guard let cpu = facts.signals.cpu, let before = cpu.before else { continue }
            AutoscalerRule.follows(from: facts.path, examination.scene, &draft)
            let load = facts.signals.hasRequests ? ", with no more requests" : ""
            let throttled = facts.signals.throttledShare.map { ", throttled in \(TrafficWords.percent($0)) of all periods" } ?? ""
            draft.hypotheses.append(
                facts.hypothesis(
                    name, "pod-cpu-overload", complaint: "burns CPU",
                    fact: "\(TrafficWords.number(cpu.now)) cores, \(TrafficWords.number(before)) before",
                    text:
                        "the pods of \(facts.path.name) use \(TrafficWords.number(cpu.now)) cores, \(TrafficWords.number(before)) before\(load), and \(facts.effect)",
                    support: [
                        facts.felt(),
                        Support(
                            .strong,
                            Evidence(
                                .metric, source: "Pod/\(facts.path.name)",
                                text: "CPU \(TrafficWords.number(cpu.now)) cores, \(TrafficWords.number(before)) before\(throttled)")),
                    ], next: ["kubectl -n \(facts.path.namespace) top pod --containers"]))
        }
    }
}
