import Core
import Diagnosis

/// A caller repeats its calls so often that the load it makes is the trouble.
struct RetryStormRule: Rule {
    let name = "retry-storm"
    let categories = ["retry-storm"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A caller repeats its calls so often that the load it makes is the trouble.",
            sees: ["metrics", "services"],
            evidence: ["calls for each request of the caller, against before"],
            contradictedBy: ["the caller itself is asked more"],
            next: ["limit retries and back off between them"],
            references: ["https://sre.google/sre-book/addressing-cascading-failures/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        guard let traffic = examination.traffic else { return }
        let scene = examination.scene
        for facts in traffic.facts {
            // Whom it calls may bear it, and still answer too late for the caller's patience.
            let pairs = facts.insistent.prefix(1).map { ($0, facts.workload) } + facts.repeated.prefix(1).map { (facts.workload, $0) }
            for (caller, callee) in pairs {
                guard let rate = traffic.signals.signals[callee]?.rate, let own = traffic.signals.signals[caller]?.rate else { continue }
                let (path, called) = (scene.workloads[caller].path, scene.workloads[callee].path)
                draft.graph.add(path, .calls, called)
                let (now, before) = (rate.now / max(own.now, 0.01), (rate.before ?? 0) / max(own.before ?? 0, 0.01))
                var hypothesis = facts.hypothesis(
                    name, "retry-storm", .external, complaint: "repeats its calls",
                    fact: "\(TrafficWords.number(now)) calls of \(called.name) for each request",
                    text:
                        "\(path.name) makes \(TrafficWords.number(now)) calls of \(called.name) for each request that it is asked, \(TrafficWords.number(before)) before: its retries are the load",
                    support: [
                        facts.felt(),
                        Support(
                            .strong,
                            TrafficWords.evidence(
                                path, "\(TrafficWords.number(now)) calls a request, \(TrafficWords.number(before)) before")),
                    ], at: path, next: ["limit retries and back off between them"])
                if let change = traffic.releases[caller] { hypothesis.change = change }
                draft.hypotheses.append(hypothesis)
            }
        }
    }
}
