package import Core
package import Remediation

/// Stops a rollout where it is while older pods still serve: it wins time, it repairs nothing.
package struct PauseRollout: Action {
    package init() {}
    package var type: String { "pause-rollout" }

    package func propose(for cause: Cause, on target: ObservedTarget) -> Proposal? {
        let workload = Workload(target: target)
        guard workload.kind == "Deployment", !workload.isPaused, let now = workload.revision,
            cause.category == "rollout-stuck" || cause.facts["badRevision"]?.int == now,
            workload.replicaSets.contains(where: {
                ($0[at: "status", "readyReplicas"]?.int ?? 0) > 0 && (TemplateReference.revision(of: $0) ?? now) < now
            })
        else { return nil }
        let before = workload.object[at: "spec", "paused"] ?? .null
        return Proposal(
            step: Plan.Step(
                type: type, target: target.path, parameters: [:], patch: ["merge": ["spec": ["paused": true]]],
                inverse: ["merge": ["spec": ["paused": before]]], verification: Workload.verification(.hold)),
            title: "pause the rollout of \(workload.name)", risk: .low, blastRadius: workload.blastRadius(0),
            undo: "resume the rollout", commands: [workload.command("rollout pause \(workload.reference)")],
            diff: [FieldChange(path: "spec.paused", from: before.isNull ? nil : before, to: true)], fit: 0.3)
    }

    package func parts(of patch: JSON) -> [[String]] { PlannedPatch.parts(of: patch) }
}
