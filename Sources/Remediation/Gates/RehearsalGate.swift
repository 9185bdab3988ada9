package import Core

/// Shows what a rehearsal found as the gate of that name.
package struct RehearsalGate: GateCheck {
    private let rehearsal: any Rehearsal
    package init(_ rehearsal: any Rehearsal) { self.rehearsal = rehearsal }
    package var gate: GateResult.Gate { .rehearsal }
    package var isCheckedAgain: Bool { false }

    package func check(_ plan: Plan, in context: GateContext) async -> GateResult { await rehearsal.rehearse(plan) }
}
