import Core
import Diagnosis

/// More comes into a queue than its consumers take out.
struct BacklogRule: Rule {
    let name = "queue-backlog"
    let categories = ["queue-backlog"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "More comes into a queue than its consumers take out.",
            sees: ["metrics"],
            evidence: ["the depth of the queue over time, and the age of the oldest message"],
            contradictedBy: ["the queue is short, or shrinks"],
            next: ["add consumers, or find out what slows them"],
            references: [])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        guard !scene.snapshot.metrics.isEmpty else { return }
        let owners = PodOwners(scene)
        var told: Set<Int> = []
        for name in MetricNames.queues {
            for series in scene.snapshot.metrics.named(name) {
                guard let (namespace, pod) = MetricNames.pod(series.labels), let w = owners.workload(namespace, pod), !told.contains(w),
                    let last = series.last, scene.now - last.time < .seconds(600), let growth = SteadyGrowth(series.samples),
                    growth.fit > 0.85,
                    growth.seconds >= 300, growth.last > 100, growth.last > 2 * growth.first
                else { continue }
                told.insert(w)
                let path = scene.workloads[w].path
                let age = scene.snapshot.metrics.named("queue_oldest_message_age_seconds", series.labels).first?.last?.value
                let pace = TrafficWords.number(growth.slope)
                let old = age.map { ", the oldest for \(RoughTime.words($0))" } ?? ""
                var support = [
                    Support(
                        .strong, TrafficWords.evidence(path, "\(name) rose from \(Int(growth.first)) to \(Int(growth.last))"))
                ]
                support.append(
                    Support(
                        .strong,
                        Evidence(.metric, source: "queue/\(path.name)", text: "\(pace) a second more come than are taken out\(old)")))
                draft.hypotheses.append(
                    Hypothesis(
                        rule: self.name, category: "queue-backlog", resource: path, depth: .specific, severity: .high,
                        complaint: "does not keep up", fact: "\(Int(growth.last)) messages wait, \(pace) more each second",
                        text:
                            "\(Int(growth.last)) messages wait for \(path.name)\(old), and \(pace) more come each second than it takes out",
                        since: scene.now + .seconds(-growth.seconds), support: support, next: ["add consumers, or find out what slows them"]
                    ))
            }
        }
    }
}
