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
        guard let traffic = examination.traffic else { return }
        for facts in traffic.facts where facts.isBusier && facts.insistent.isEmpty && facts.release == nil {
            let first = Self.first(facts.workload, traffic.signals)
            guard let signals = traffic.signals.signals[first], let rate = signals.rate, let before = rate.before else { continue }
            let path = examination.scene.workloads[first].path
            let cpu = signals.cpu
            let full = facts.isThrottled || (cpu?.ratio ?? 1) > 1.2
            let times = String(TrafficWords.number(rate.now / max(before, 0.01)))
            draft.hypotheses.append(
                facts.hypothesis(
                    name, "traffic-surge", complaint: "has more to do than it can", fact: "\(times) times as many requests",
                    text:
                        "\(TrafficWords.number(rate.now)) requests a second reach \(path.name), \(TrafficWords.number(before)) before, more than it can answer: \(TrafficWords.effect(signals))",
                    support: [
                        facts.felt(),
                        Support(
                            .strong,
                            Evidence(
                                .metric, source: "load/\(path.name)",
                                text: "\(TrafficWords.number(rate.now)) requests a second, \(TrafficWords.number(before)) before")),
                    ]
                        + (full
                            ? [
                                Support(
                                    .supporting,
                                    Evidence(
                                        .metric, source: "Pod/\(path.name)",
                                        text:
                                            "CPU \(TrafficWords.number(cpu?.now ?? 0)) cores, \(TrafficWords.number(cpu?.before ?? 0)) before"
                                    ))
                            ] : []),
                    at: path, next: ["add replicas, or keep load away"]))
        }
    }

    /// Whoever of its callers is at its own limit first: those behind it get no more than it passes on.
    private static func first(_ workload: Int, _ signals: SignalScene) -> Int {
        var at = workload
        var seen: Set<Int> = [at]
        while let caller = (signals.callers[at] ?? []).first(where: { isFull(signals.signals[$0]) }), seen.insert(caller).inserted {
            at = caller
        }
        return at
    }

    private static func isFull(_ signals: WorkloadSignals?) -> Bool {
        guard let signals, signals.isAffected, (signals.throttledShare ?? 0) > 0.25 else { return false }
        return (signals.rate?.ratio ?? 1) > 1.35
    }
}
