package import Core
package import Diagnosis

/// Looks at one cluster again and again: what was worked out of objects that are as they were is not worked out again.
///
/// Every answer is the one that is given without memory: ``diagnose(_:previous:hygiene:)`` and ``KubernetesSnapshot/wishedLogs(perWorkload:quietLimit:)``.
/// What may change by time alone is never kept.
package struct StandingDiagnosis: Sendable {
    private var last: Scene?

    package init() {}

    package mutating func diagnose(_ snapshot: KubernetesSnapshot, previous: [Finding] = [], hygiene: Bool = true) -> DiagnosisReport {
        KubernetesDiagnosis.diagnose(look(at: snapshot), previous: previous, rules: hygiene ? Rules.all : Rules.incidents)
    }

    package mutating func wishedLogs(
        _ snapshot: KubernetesSnapshot, quietLimit: Int
    ) -> (failing: [KubernetesSnapshot.LogKey], quiet: [KubernetesSnapshot.LogKey]) {
        snapshot.wishedLogs(look(at: snapshot), quietLimit: quietLimit)
    }

    private mutating func look(at snapshot: KubernetesSnapshot) -> Scene {
        let scene = Scene(snapshot.inOrder(after: last?.snapshot), after: last)
        last = scene
        return scene
    }
}
