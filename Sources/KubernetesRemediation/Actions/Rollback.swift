package import Core
package import Remediation

/// Puts the pod template of a Deployment's last healthy revision back, as `kubectl rollout undo` does.
package struct Rollback: Action {
    package init() {}
    package var type: String { "rollback" }

    package func propose(for cause: Cause, on target: ObservedTarget) -> Proposal? {
        let workload = Workload(target: target)
        guard workload.kind == "Deployment", !workload.isPaused, let now = workload.revision,
            let good = goodRevision(cause, workload), good != now, let set = workload.replicaSet(revision: good),
            let old = set[at: "spec", "template"].map(TemplateReference.plain)
        else { return nil }
        let diff = FieldDiff.changes(from: workload.template, to: old, at: "spec.template")
        if diff.isEmpty { return nil }
        // The replaced template can be put back only while its ReplicaSet is kept.
        let keeps = (workload.object[at: "spec", "revisionHistoryLimit"]?.int ?? 10) > 0 && workload.current != nil
        let inverse = keeps ? TemplateReference(revision: now, template: workload.template).json : .null
        return Proposal(
            step: Plan.Step(
                type: type, target: target.path, parameters: ["revision": JSON(good), "from": JSON(now)],
                patch: TemplateReference(revision: good, template: old).json, inverse: inverse,
                verification: Workload.verification(.recover)),
            title: "roll back \(workload.name) to revision \(good)", risk: keeps ? .medium : .high,
            blastRadius: workload.blastRadius(workload.replicas),
            undo: keeps ? "roll forward to revision \(now)" : "none: the template of revision \(now) is not kept",
            commands: [
                workload.command("rollout undo \(workload.reference) --to-revision=\(good)"),
                workload.command("rollout status \(workload.reference)"),
            ], diff: diff, fit: cause.change != nil || cause.facts["goodRevision"] != nil ? 0.95 : 0.8)
    }

    package func parts(of patch: JSON) -> [[String]] { PlannedPatch.parts(of: patch) }

    /// The revision that the diagnosis names; for a rollout that is stuck, the newest older one that still has ready pods.
    private func goodRevision(_ cause: Cause, _ workload: Workload) -> Int? {
        if let named = cause.facts["goodRevision"]?.int { return named }
        guard cause.category == "rollout-stuck", let now = workload.revision else { return nil }
        return workload.replicaSets.filter { ($0[at: "status", "readyReplicas"]?.int ?? 0) > 0 }
            .compactMap(TemplateReference.revision).filter { $0 < now }.max()
    }
}
