package import Core

/// One preflight check of a plan. It answers `pass`, `fail` or `inconclusive`; no data is never a pass, and it never throws:
/// what could not be checked is said in an `inconclusive`.
package protocol GateCheck: Sendable {
    var gate: GateResult.Gate { get }
    /// Whether it is checked again after approval, just before the first write.
    var isCheckedAgain: Bool { get }
    /// Whether its answer needs nothing but plan, policy and clock, so that it is asked anew for as long as a plan is open.
    var isStanding: Bool { get }
    func check(_ plan: Plan, in context: GateContext) async -> GateResult
}

extension GateCheck {
    package var isStanding: Bool { false }
}

/// What a gate may know beyond the plan.
package struct GateContext: Sendable {
    package let policy: Policy
    /// Operations under way, without the plan that is being checked.
    package let running: [PlanRecord]
    package let isPaused: Bool
    /// The cluster's time.
    package let now: Timestamp
    /// What cooldown, attempts and circuit breaker say of this plan; empty when nothing stands in the way.
    package let holds: [Safety.Hold]

    package init(policy: Policy, running: [PlanRecord], isPaused: Bool, now: Timestamp, holds: [Safety.Hold]) {
        self.policy = policy
        self.running = running
        self.isPaused = isPaused
        self.now = now
        self.holds = holds
    }
}

extension [GateResult] {
    /// All six, in the order in which they are shown; one that was not checked is `inconclusive`.
    package var allSix: [GateResult] {
        GateResult.Gate.allCases.map { gate in
            first { $0.gate == gate } ?? GateResult(gate, .inconclusive, "not checked: no such check is set up for this cluster")
        }
    }

    /// These results, with those of the same gate in `newer` put in their places.
    func replaced(by newer: [GateResult]) -> [GateResult] { map { old in newer.first { $0.gate == old.gate } ?? old } }

    package var failed: [GateResult] { filter { $0.verdict == .fail } }

    /// The inconclusive gates that somebody must accept by name (INTERFACES section 2).
    package func needingAcceptance(optional: Set<GateResult.Gate>) -> [GateResult.Gate] {
        filter { $0.verdict == .inconclusive && !optional.contains($0.gate) }.map(\.gate)
    }
}
