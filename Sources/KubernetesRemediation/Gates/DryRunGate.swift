package import Core
package import Kubernetes
package import Remediation

/// Sends each write with `dryRun=All`: the server's defaults, validation and admission run, nothing is stored. Shows what would
/// differ, field by field.
package struct DryRunGate: GateCheck {
    private let reader: WorkloadReader
    private let act: KubernetesClient

    private let redacting: @Sendable (JSON) -> JSON

    /// - Parameter redacting: takes secrets out of a field change before it is shown.
    package init(read: KubernetesClient, act: KubernetesClient, redacting: @escaping @Sendable (JSON) -> JSON) {
        reader = WorkloadReader(read)
        self.act = act
        self.redacting = redacting
    }

    package var gate: GateResult.Gate { .dryRun }
    package var isCheckedAgain: Bool { true }

    package func check(_ plan: Plan, in context: GateContext) async -> GateResult {
        var changes: [FieldChange] = []
        var touched: Set<EntityPath> = []
        for step in plan.steps where touched.insert(step.target).inserted {
            let name = step.target.shortDescription
            do {
                guard let fields = try await tried(step, at: context.now) else {
                    return GateResult(.dryRun, .fail, "\(name) is gone")
                }
                changes += fields
            } catch let error as APIError {
                return DryRunGate.result(error.martletError(now: act.clock.now()), name)
            } catch let error as MartletError {
                return DryRunGate.result(error, name)
            } catch {
                return GateResult(.dryRun, .inconclusive, "the dry run of \(name) could not be done: \(error)")
            }
        }
        let later = plan.steps.count - touched.count
        let rest = later > 0 ? "; \(later) later \(later == 1 ? "step" : "steps") on the same object cannot be tried before it" : ""
        if changes.isEmpty { return GateResult(.dryRun, .fail, "accepted by the server, and nothing would change\(rest)") }
        let lines = changes.map { change -> String in
            let shown = FieldChange(json: redacting(change.json)) ?? FieldChange(path: change.path, from: nil, to: nil)
            return "\(shown.path): \(shown.from?.text() ?? "(absent)") → \(shown.to?.text() ?? "(absent)")"
        }
        return GateResult(
            .dryRun, later > 0 ? .inconclusive : .pass,
            "accepted by the server, \(changes.count) \(changes.count == 1 ? "field changes" : "fields change")\(rest)", details: lines)
    }

    /// The fields that one step would change; nil when its target is gone. Controllers write the status of a failing workload all the
    /// time: a version that has moved between reading and trying says nothing about the step, so it is read and tried again.
    private func tried(_ step: Plan.Step, at now: Timestamp) async throws -> [FieldChange]? {
        var attempt = 1
        while true {
            guard let seen = try await reader.read(step.target), let key = WorkloadReader.key(step.target) else { return nil }
            let patch = try PlannedPatch.resolve(step.patch.resolvingNow(now), on: seen, annotation: nil)
            do {
                let after = try await act.patch(key, patch, options: .dryRun)
                return FieldDiff.changes(from: DryRunGate.shown(seen.object), to: DryRunGate.shown(after))
            } catch let error as APIError where error.isConflict && attempt < 5 { attempt += 1 }
        }
    }

    /// What people set: neither status nor what the server writes by itself.
    private static func shown(_ object: JSON) -> JSON {
        var shown: JSON = ["spec": object["spec"] ?? [:], "metadata": [:]]
        for key in ["labels", "annotations"] { shown[at: "metadata", key] = object[at: "metadata", key] }
        shown[at: "metadata", "annotations", ObservedTarget.operationAnnotation] = nil
        return shown
    }

    /// What the server refuses is a fail; what kept it from answering is not.
    private static func result(_ error: MartletError, _ name: String) -> GateResult {
        switch error.code {
        case .invalid, .refused, .notFound: GateResult(.dryRun, .fail, "the server refuses it: \(error.message)", details: error.details)
        case .forbidden, .unauthorized:
            GateResult(.dryRun, .fail, "not allowed to change \(name): \(error.message)", details: error.fix.map { [$0] } ?? [])
        default: GateResult(.dryRun, .inconclusive, "the dry run of \(name) could not be done: \(error.message)", details: error.details)
        }
    }
}
