import Core
import Diagnosis

/// More requests come than there is room for, and nothing is broken.
struct SurgeRule: Rule {
    let name = "traffic-surge"
    let categories = ["traffic-surge"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "More requests come than can be answered, and nothing is broken.",
            sees: ["metrics"],
            evidence: ["requests a second against before", "latency, failed requests and CPU"],
            contradictedBy: ["one caller repeats its calls; a release at the same time"],
            next: ["add replicas, or keep load away"],
            references: ["https://sre.google/sre-book/handling-overload/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        for facts in examination.traffic?.facts ?? [] where facts.isBusier && facts.insistent.isEmpty && facts.release == nil {
            guard let rate = facts.signals.rate, let before = rate.before else { continue }
            let cpu = facts.signals.cpu
            let full = facts.isThrottled || (cpu?.ratio ?? 1) > 1.2
            let times = String(TrafficWords.number(rate.now / max(before, 0.01)))
            draft.hypotheses.append(
                facts.hypothesis(
                    name, "traffic-surge", complaint: "has more to do than it can", fact: "\(times) times as many requests",
                    text:
                        "\(TrafficWords.number(rate.now)) requests a second reach \(facts.path.name), \(TrafficWords.number(before)) before, more than it can answer: \(TrafficWords.effect(facts.signals))",
                    support: [
                        facts.felt(),
                        Support(
                            .strong,
                            Evidence(
                                .metric, source: "load/\(facts.path.name)",
                                text: "\(TrafficWords.number(rate.now)) requests a second, \(TrafficWords.number(before)) before")),
                    ]
                        + (full
                            ? [
                                Support(
                                    .supporting,
                                    Evidence(
                                        .metric, source: "Pod/\(facts.path.name)",
                                        text:
                                            "CPU \(TrafficWords.number(cpu?.now ?? 0)) cores, \(TrafficWords.number(cpu?.before ?? 0)) before"
                                    ))
                            ] : []),
                    next: ["add replicas, or keep load away"]))
        }
    }
}
