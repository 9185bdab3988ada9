package import Core
package import Remediation

/// Replaces all pods of a workload, as `kubectl rollout restart` does: for what broke while it ran, not for what came with a change.
package struct Restart: Action {
    package init() {}
    package var type: String { "restart" }

    private static let annotation = "kubectl.kubernetes.io/restartedAt"
    /// Faults of a running program that a fresh start may cure.
    private static let curable: Set<String> = [
        "app-crash", "liveness-probe-failing", "readiness-probe-failing", "dependency-unreachable", "oom-killed",
    ]

    package func propose(for cause: Cause, on target: ObservedTarget) -> Proposal? {
        let workload = Workload(target: target)
        guard Restart.curable.contains(cause.category), cause.facts["goodRevision"] == nil, cause.change == nil, !workload.isPaused,
            workload.replicas > 0
        else { return nil }
        let before = workload.template[at: "metadata", "annotations", Restart.annotation] ?? .null
        return Proposal(
            step: Plan.Step(
                type: type, target: target.path, parameters: [:], patch: Restart.patch("{{now}}"), inverse: Restart.patch(before),
                verification: Workload.verification(.recover)),
            title: "restart \(workload.name)", risk: .low, blastRadius: workload.blastRadius(workload.replicas),
            undo: "put the template's annotation back, which replaces the pods once more",
            commands: [
                workload.command("rollout restart \(workload.reference)"), workload.command("rollout status \(workload.reference)"),
            ],
            diff: [
                FieldChange(
                    path: "spec.template.metadata.annotations.\(Restart.annotation)", from: before.isNull ? nil : before, to: "now")
            ], fit: cause.category == "oom-killed" ? 0.2 : 0.5)
    }

    private static func patch(_ time: JSON) -> JSON {
        ["merge": ["spec": ["template": ["metadata": ["annotations": [annotation: time]]]]]]
    }

    package func parts(of patch: JSON) -> [[String]] { PlannedPatch.parts(of: patch) }
}
