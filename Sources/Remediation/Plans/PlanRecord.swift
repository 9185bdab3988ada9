package import Core

/// One plan and everything that the journal says of it. A value: made by folding entries, never changed otherwise.
///
/// Times are the cluster's (payload member `at`), or the journal's where an entry has none.
package struct PlanRecord: Sendable, Hashable {
    /// One approver's word; a policy may ask for several.
    package struct Approval: Sendable, Hashable {
        package let actor: String
        package let time: Timestamp
        package let accepted: [GateResult.Gate]
        package let reason: String?
    }

    /// One watch over what a plan, or its inverse, led to.
    package struct VerificationRecord: Sendable, Hashable {
        package let startedAt: Timestamp
        /// Seconds of the cluster's time.
        package let window: Double
        package let before: JSON
        package var endedAt: Timestamp?
        package var verdict: Verdict?
        package var text: String?
        package var after: JSON?
    }

    package let plan: Plan
    /// The digest as it was proposed and shown; it differs from `plan.digest` only if the journal was tampered with.
    package let digest: String
    /// As proposed, then as checked again after approval.
    package var gates: [GateResult]
    package var state: PlanState
    package let proposedAt: Timestamp
    /// Set on an operation that takes back another: that plan's ULID.
    package let undoes: String?
    /// Why it was recommended: incident number, title, cause, confidence and evidence at the time.
    package let recommendation: Recommendation
    package var approvals: [Approval] = []
    /// Approvals still missing after those given.
    package var approvalsMissing = 1
    /// How many different people must approve.
    package var approvalsNeeded: Int { approvals.count + approvalsMissing }
    package var startedAt: Timestamp?
    /// What was measured before the first write.
    package var before: JSON = .null
    package var steps: [StepRecord] = []
    package var verification: VerificationRecord?
    package var rollbackReason: String?
    package var rollbackVerification: VerificationRecord?
    /// Why it was rejected, expired or became void.
    package var closedReason: String?
    package var closedBy: String?
    /// `repaired`, `rolled-back`, `inconclusive`, `failed`, `undone` (``OperationOutcome``).
    package var outcome: String?
    package var endedAt: Timestamp?
    /// The operation record (text), once the operation has ended.
    package var record: String?
    /// The newest signed checkpoint at that time.
    package var checkpoint: JSON?

    package init(
        plan: Plan, digest: String, gates: [GateResult], state: PlanState, proposedAt: Timestamp, undoes: String? = nil,
        recommendation: Recommendation = Recommendation()
    ) {
        self.plan = plan
        self.digest = digest
        self.gates = gates
        self.state = state
        self.proposedAt = proposedAt
        self.undoes = undoes
        self.recommendation = recommendation
    }

    /// Who approved last.
    package var approver: String? { approvals.last?.actor }
    /// Every gate that an approver accepted although it was inconclusive.
    package var accepted: [GateResult.Gate] {
        GateResult.Gate.allCases.filter { gate in approvals.contains { $0.accepted.contains(gate) } }
    }
    /// The approver's reason, or why it was closed.
    package var reason: String? { closedReason ?? approvals.last?.reason }
    package var verdict: Verdict? { verification?.verdict }
    package var verificationText: String? { verification?.text }
    package var incident: String { plan.incident }
    package var targets: [EntityPath] { Array(Set(plan.steps.map(\.target))).sorted() }

    package func step(_ index: Int, inverse: Bool) -> StepRecord? { steps.first { $0.index == index && $0.isInverse == inverse } }
    package func isDone(_ index: Int, inverse: Bool) -> Bool { step(index, inverse: inverse)?.state == .done }

    /// Steps that took effect, or may have, in the order of the plan.
    package var effectiveSteps: [StepRecord] { steps.filter { !$0.isInverse && ($0.state == .done || $0.isUncertain) } }
    package var failedStep: StepRecord? { steps.last { $0.state == .failed } }
    /// Whether it may still be approved, now or once its gates allow it.
    package var isOpen: Bool { state == .awaiting || state == .proposed }
    package var hasFailedGate: Bool { gates.contains { $0.verdict == .fail } }
    /// Why it may not be approved although it is open: `gate rehearsal failed: …`.
    package var obstacle: String? { isOpen ? gates.failed.first.map { "gate \($0.gate.rawValue) failed: \($0.text)" } : nil }
}
