package import Core

/// The error-budget gate until objectives are configured: it says so, and never passes.
package struct ErrorBudgetGate: GateCheck {
    package init() {}
    package var gate: GateResult.Gate { .errorBudget }
    package var isCheckedAgain: Bool { false }

    package func check(_ plan: Plan, in context: GateContext) async -> GateResult {
        let names = Array(Set(plan.steps.map(\.target.name))).sorted().joined(separator: ", ")
        return GateResult(.errorBudget, .inconclusive, "no objective is defined for \(names)")
    }
}

/// Shows what a rehearsal found as the gate of that name.
package struct RehearsalGate: GateCheck {
    private let rehearsal: any Rehearsal
    package init(_ rehearsal: any Rehearsal) { self.rehearsal = rehearsal }
    package var gate: GateResult.Gate { .rehearsal }
    package var isCheckedAgain: Bool { false }

    package func check(_ plan: Plan, in context: GateContext) async -> GateResult { await rehearsal.rehearse(plan) }
}
