import Core
import Diagnosis

/// A value of the configuration was changed without a deploy, and requests suffer since.
struct ConfigurationChangeRule: Rule {
    let name = "configuration-change"
    let categories = ["flag-change"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A value of the configuration was changed without a deploy, and requests suffer since.",
            sees: ["metrics", "configmaps", "changes"],
            evidence: ["latency or failed requests against before", "when the ConfigMap was written"],
            contradictedBy: ["a release at the same time; whom it calls suffers as well"],
            next: ["put the value back"],
            references: [])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for facts in examination.traffic?.facts ?? [] where facts.release == nil && !facts.complains {
            guard let (map, time) = facts.configuration.max(by: { $0.time < $1.time }) else { continue }
            let path = scene.path("ConfigMap", facts.path.namespace, map)
            let recorded = scene.snapshot.changes.last { $0.entity == path && $0.time == time }
            let fields = (recorded?.fields ?? []).prefix(2).map(\.path).joined(separator: ", ")
            draft.graph.add(facts.path, .references, path)
            draft.hypotheses.append(
                facts.hypothesis(
                    name, "flag-change", complaint: facts.signals.isFailing ? "fails requests" : "is slow",
                    fact: "ConfigMap \(map) was changed",
                    text:
                        "since ConfigMap \(map) was changed\(fields.isEmpty ? "" : " (\(fields))"), \(facts.effect) of \(facts.path.name)",
                    support: [
                        facts.felt(),
                        Support(.strong, Evidence(.change, source: path.resource, text: "ConfigMap \(map) was changed", time: time)),
                    ], key: map,
                    change: recorded
                        ?? Change(
                            time: time, kind: "config", entity: path, revision: nil, author: nil, fields: [], source: "managedFields"),
                    since: time, next: ["compare ConfigMap \(map) with what it was before \(time)"]))
        }
    }
}
