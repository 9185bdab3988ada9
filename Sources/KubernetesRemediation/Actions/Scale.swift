package import Core
package import Remediation

/// Sets the number of replicas. It patches the object and never `/scale`, so that the write can carry its annotation.
package struct Scale: Action {
    package init() {}
    package var type: String { "scale" }

    package func propose(for cause: Cause, on target: ObservedTarget) -> Proposal? {
        let workload = Workload(target: target)
        guard workload.kind != "DaemonSet", cause.category == "scaled-to-zero", workload.replicas == 0 else { return nil }
        let former = cause.facts["formerReplicas"]?.int.flatMap { $0 > 0 ? $0 : nil }
        let wanted = former ?? 1
        return Proposal(
            step: Plan.Step(
                type: type, target: target.path, parameters: ["replicas": JSON(wanted)], patch: Scale.patch(JSON(wanted)),
                inverse: Scale.patch(JSON(workload.replicas)), verification: Workload.verification(.recover)),
            title: "scale \(workload.name) to \(wanted)", risk: .low, blastRadius: workload.blastRadius(wanted),
            undo: "scale back to \(workload.replicas)",
            commands: [workload.command("scale \(workload.reference) --replicas=\(wanted)")],
            diff: [FieldChange(path: "spec.replicas", from: JSON(workload.replicas), to: JSON(wanted))],
            fit: former == nil ? 0.6 : 0.9)
    }

    private static func patch(_ replicas: JSON) -> JSON { ["merge": ["spec": ["replicas": replicas]]] }

    package func parts(of patch: JSON) -> [[String]] { PlannedPatch.parts(of: patch) }
}
