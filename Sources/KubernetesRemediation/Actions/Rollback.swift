package import Core
package import Remediation

/// Puts the pod template of a Deployment's last healthy revision back, as `kubectl rollout undo` does. Where nothing shows that the
/// revision ever worked, the plan says so and waits for a person.
package struct Rollback: Action {
    package init() {}
    package var type: String { "rollback" }

    package func propose(for cause: Cause, on target: ObservedTarget) -> Proposal? {
        let workload = Workload(target: target)
        guard workload.kind == "Deployment", !workload.isPaused, let now = workload.revision,
            let good = cause.facts["goodRevision"]?.int, good != now, let set = workload.replicaSet(revision: good),
            let old = set[at: "spec", "template"].map(TemplateReference.plain)
        else { return nil }
        let diff = FieldDiff.changes(from: workload.template, to: old, at: "spec.template")
        if diff.isEmpty { return nil }
        // The replaced template can be put back only while its ReplicaSet is kept.
        let keeps = (workload.object[at: "spec", "revisionHistoryLimit"]?.int ?? 10) > 0 && workload.current != nil
        let inverse = keeps ? TemplateReference(revision: now, template: workload.template).json : .null
        let isProven = cause.facts["goodRevisionProof"]?.string != nil
        return Proposal(
            step: Plan.Step(
                type: type, target: target.path, parameters: ["revision": JSON(good), "from": JSON(now)],
                patch: TemplateReference(revision: good, template: old).json, inverse: inverse,
                verification: Workload.verification(.recover)),
            title: "roll back \(workload.name) to revision \(good)\(isProven ? "" : ", not known to have worked")",
            risk: keeps && isProven ? .medium : .high,
            blastRadius: workload.blastRadius(workload.replicas),
            undo: keeps ? "roll forward to revision \(now)" : "none: the template of revision \(now) is not kept",
            commands: [
                workload.command("rollout undo \(workload.reference) --to-revision=\(good)"),
                workload.command("rollout status \(workload.reference)"),
            ], diff: diff, fit: isProven ? 0.95 : 0.55,
            caveat: isProven
                ? nil
                : "nothing shows that revision \(good) ever worked: it has no ready pods and was not seen healthy while Martlet watched")
    }

    package func parts(of patch: JSON) -> [[String]] { PlannedPatch.parts(of: patch) }
}
