import Core
import Diagnosis
import KubernetesDiagnosis
import Twin

/// What diagnosis made of a fault, with what its rules know and without.
struct TrialResult {
    let truth: Scenario.Truth
    let report: DiagnosisReport
    /// The same without what the rules know of the fault.
    let blind: DiagnosisReport
    /// Seconds of the processor that the diagnosis took.
    let cost: Double

    var first: Cause? { report.causes.first }
    /// The first answer names the truth, or what the categories' own rules hold for as right.
    var isRight: Bool { first.map { isTruth($0.category, $0.resource) } ?? false }
    /// Among the first three, alternatives of the first included.
    var isAmongThree: Bool {
        let answers = report.causes.map { ($0.category, $0.resource) } + (first?.alternatives.map { ($0.category, $0.resource) } ?? [])
        return answers.prefix(3).contains { isTruth($0.0, $0.1) }
    }
    /// Without the rules of its category nothing that is wrong is said with confidence, neither first nor further down.
    var isHonestWhenBlind: Bool {
        !blind.causes.contains { !$0.isUndecided && $0.confidence >= 0.5 && !isTruth($0.category, $0.resource) }
    }
    /// Incidents that have nothing to do with the fault.
    var strangers: [Cause] { report.causes.filter { !isTruth($0.category, $0.resource) } }

    /// What a report says, a line for each incident.
    func told(_ report: DiagnosisReport) -> [String] {
        report.causes.map { "\($0.category) of \($0.resource.resource), \(Figure.round($0.confidence)): \($0.text)" }
    }

    private func isTruth(_ category: String, _ resource: EntityPath) -> Bool {
        guard Self.accepted(truth.category).contains(category) else { return false }
        // Every autoscaler goes without metrics where there are none: one is as right as the other.
        if category == "hpa-no-metrics" { return resource.kind == "HorizontalPodAutoscaler" }
        return resource.resource == truth.resource
    }

    /// Which slugs are right for a fault: the categories' own rules leave one pair open here, since of a kubelet that stops only the silence
    /// is seen (rule 5). Of images the repository's other tag is known in a trial, so that each has one right name.
    private static func accepted(_ slug: String) -> Set<String> {
        ["node-not-ready", "node-kubelet-down"].contains(slug) ? ["node-not-ready", "node-kubelet-down"] : [slug]
    }
}
