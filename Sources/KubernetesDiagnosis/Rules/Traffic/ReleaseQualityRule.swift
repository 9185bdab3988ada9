import Core
import Diagnosis

/// A release answers more slowly than the one before, or fails requests.
struct ReleaseQualityRule: Rule {
    let name: String
    let categories: [String]
    private let isAboutErrors: Bool
    /// So long a program may take to be as fast as it will be.
    static let start: Duration = .seconds(120)

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A release answers more slowly than the one before, or fails requests.",
            sees: ["metrics", "replicasets"],
            evidence: ["latency or failed requests against before", "what the release changed, and when"],
            contradictedBy: ["whom it calls suffers as well; it is throttled; more requests come"],
            next: ["roll back"],
            references: ["https://sre.google/sre-book/monitoring-distributed-systems/"])
    }

    static let errors = ReleaseQualityRule(name: "release-errors", categories: ["bad-release-errors"], isAboutErrors: true)
    static let latency = ReleaseQualityRule(name: "release-latency", categories: ["bad-release-latency"], isAboutErrors: false)

    func examine(_ examination: Examination, _ draft: inout Draft) {
        for facts in examination.traffic?.facts ?? [] {
            guard let release = facts.release, isAboutErrors ? facts.signals.isFailing : facts.signals.isSlow && !facts.signals.isFailing,
                !facts.complains, !facts.isThrottled,
                // What has just started is slow until its caches are full.
                isAboutErrors || release.time.map({ examination.scene.now - $0 >= Self.start }) ?? true,
                // That whom it newly calls is slow is no fault of its program.
                facts.outside.isEmpty || !release.fields.allSatisfy({ $0.path.contains("env[") })
            else { continue }
            let what = release.fields.prefix(2).map { "\($0.path.replacing("spec.template.spec.", with: ""))" }.joined(separator: ", ")
            draft.hypotheses.append(
                facts.hypothesis(
                    name, categories[0], complaint: isAboutErrors ? "fails requests" : "is slow",
                    fact: facts.effect,
                    text:
                        "since revision \(release.revision ?? "?") of \(facts.path.name) \(facts.effect); it changed \(what)",
                    support: [
                        facts.felt(),
                        Support(
                            .strong,
                            Evidence(
                                .change, source: facts.path.resource, text: "revision \(release.revision ?? "?") changed \(what)",
                                time: release.time)),
                    ], change: release, since: release.time,
                    next: ["kubectl -n \(facts.path.namespace) rollout undo deployment/\(facts.path.name)"]))
        }
    }
}
