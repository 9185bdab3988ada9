package import Core

/// The account of one operation for people: recommendation, evidence, approver and time, what ran, what came of it.
/// Everything in it comes from the journal.
package struct OperationRecord: Sendable {
    private let record: PlanRecord

    package init(_ record: PlanRecord) { self.record = record }

    /// One sentence: what was done and what came of it.
    package var summary: String {
        let what = record.plan.title
        switch record.outcome.flatMap(OperationOutcome.init) {
        case .repaired: return "\(what): it helped"
        case .undone: return "\(what): taken back"
        case .rolledBack: return "\(what): it did not help and was rolled back"
        case .inconclusive: return "\(what): what came of it could not be told; a person decides"
        case .failed:
            return record.effectiveSteps.isEmpty ? "\(what): it could not be done" : "\(what): it failed and could not be taken back"
        case nil: return "\(what): \(record.state.rawValue)"
        }
    }

    package var json: JSON {
        let plan = record.plan
        var json: JSON = [
            "operation": .string(plan.id), "digest": .string(record.digest), "incident": .string(plan.incident),
            "cluster": .string(plan.cluster), "environment": .string(plan.environment), "summary": .string(summary),
            "state": .string(record.state.rawValue), "recommendation": record.recommendation.json, "plan": plan.json,
            "proposedAt": .string(record.proposedAt.description), "gates": .array(record.gates.map(\.json)),
            "approvals": .array(
                record.approvals.map { approval in
                    [
                        "actor": .string(approval.actor), "time": .string(approval.time.description),
                        "accepted": JSON(approval.accepted.map(\.rawValue)), "reason": JSON(approval.reason),
                    ]
                }),
            "steps": .array(record.steps.map(OperationRecord.json)),
        ]
        json["startedAt"] = record.startedAt.map { .string($0.description) }
        json["endedAt"] = record.endedAt.map { .string($0.description) }
        json["outcome"] = record.outcome.map { .string($0) }
        json["verification"] = record.verification.map(OperationRecord.json)
        json["rollbackReason"] = record.rollbackReason.map { .string($0) }
        json["rollbackVerification"] = record.rollbackVerification.map(OperationRecord.json)
        json["undoes"] = record.undoes.map { .string($0) }
        json["checkpoint"] = record.checkpoint
        return json
    }

    /// Markdown that also reads well as plain text. Text of the cluster in it is made safe for terminals; pages escape it.
    package var markdown: String {
        let plan = record.plan
        var lines = ["# \(summary)", ""]
        func line(_ name: String, _ text: String) { lines.append("- \(name): \(text.terminalSafe)") }
        func section(_ title: String) { lines += ["", "## \(title)", ""] }
        line("operation", plan.id)
        line("digest", record.digest)
        line("cluster", "\(plan.cluster) (\(plan.environment))")
        let number = record.recommendation.number
        line("incident", number > 0 ? "#\(number) \(record.recommendation.title)" : plan.incident)

        section("Why")
        if !record.recommendation.cause.isEmpty {
            line("cause", "\(record.recommendation.cause) (\(Int((record.recommendation.confidence * 100).rounded())) % sure)")
        }
        for evidence in record.recommendation.evidence.prefix(8) { line(evidence.kind.rawValue, "\(evidence.text) (\(evidence.source))") }
        line("recommended", "\(plan.title), \(record.proposedAt.rfc3339()); risk \(plan.risk.rawValue), \(plan.blastRadius)")
        if let caveat = plan.caveat { line("doubt", caveat) }
        for change in plan.diff.prefix(20) { line("change", OperationRecord.words(change)) }

        section("Checked")
        for gate in record.gates { line(gate.gate.rawValue, "\(gate.verdict.rawValue) (\(gate.text))") }

        section("Decided")
        for approval in record.approvals {
            let accepted = approval.accepted.isEmpty ? "" : ", accepting \(approval.accepted.map(\.rawValue).joined(separator: ", "))"
            line("approved", "by \(approval.actor), \(approval.time.rfc3339())\(accepted)\(approval.reason.map { ": \($0)" } ?? "")")
        }
        if record.approvals.isEmpty { line("approved", "by nobody") }
        if let reason = record.closedReason { line("closed", "by \(record.closedBy ?? "martlet"): \(reason)") }

        section("Ran")
        if record.steps.isEmpty { lines.append("- nothing") }
        for step in record.steps { line(OperationRecord.name(step, plan), OperationRecord.words(step)) }

        section("Came of it")
        if let verification = record.verification { line("verification", OperationRecord.words(verification)) }
        if let reason = record.rollbackReason { line("rolled back", "by itself, because \(reason)") }
        if let verification = record.rollbackVerification { line("after the rollback", OperationRecord.words(verification)) }
        line("outcome", "\(record.outcome ?? record.state.rawValue)\(record.endedAt.map { ", \($0.rfc3339())" } ?? "")")
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the record of an ended operation closes with: the newest signed checkpoint on a line of its own, so that the record as it is
    /// serves `martlet journal verify --checkpoint`. It stands apart in the journal, since it is not text that is redacted.
    static func proof(_ checkpoint: JSON?) -> String {
        guard let checkpoint else { return "" }
        return """

            ## Proof

            Keep this record, or the line below, elsewhere: martlet journal verify --checkpoint FILE shows whether the journal still is what it was.

            \(String(decoding: checkpoint.canonical(), as: UTF8.self))

            """
    }

    private static func name(_ step: StepRecord, _ plan: Plan) -> String {
        guard plan.steps.indices.contains(step.index) else { return "step \(step.index + 1)" }
        let target = plan.steps[step.index].target.shortDescription
        return "step \(step.index + 1)\(step.isInverse ? ", undone" : "") \(plan.steps[step.index].type) \(target)"
    }

    private static func words(_ step: StepRecord) -> String {
        let time = step.endedAt.map { " \($0.rfc3339())" } ?? ""
        switch step.state {
        case .intended: return "announced \(step.intendedAt.rfc3339())"
        case .done:
            return "done\(time)\(step.found ? " (found done after a restart)" : "")\(step.resourceVersion.map { ", version \($0)" } ?? "")"
        case .failed: return "failed\(time): \(step.error ?? "")"
        }
    }

    private static func words(_ verification: PlanRecord.VerificationRecord) -> String {
        "\(verification.verdict?.rawValue ?? "under way"), watched \(Int(verification.window)) s: \(verification.text ?? "")"
    }

    private static func words(_ change: FieldChange) -> String {
        "\(change.path): \(change.from?.text() ?? "(absent)") → \(change.to?.text() ?? "(absent)")"
    }

    private static func json(_ step: StepRecord) -> JSON {
        var json: JSON = [
            "step": JSON(step.index), "inverse": .bool(step.isInverse), "state": .string(step.state.rawValue), "write": step.write,
            "intendedAt": .string(step.intendedAt.description), "found": .bool(step.found),
        ]
        json["endedAt"] = step.endedAt.map { .string($0.description) }
        json["resourceVersion"] = step.resourceVersion.map { .string($0) }
        json["error"] = step.error.map { .string($0) }
        return json
    }

    private static func json(_ verification: PlanRecord.VerificationRecord) -> JSON {
        var json: JSON = [
            "startedAt": .string(verification.startedAt.description), "window": .number(verification.window), "before": verification.before,
        ]
        json["endedAt"] = verification.endedAt.map { .string($0.description) }
        json["verdict"] = verification.verdict.map { .string($0.rawValue) }
        json["text"] = verification.text.map { .string($0) }
        json["after"] = verification.after
        return json
    }
}
