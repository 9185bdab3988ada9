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
