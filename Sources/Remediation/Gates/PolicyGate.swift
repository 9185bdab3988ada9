package import Core

/// The policy gate: a freeze of the environment fails it. Until rules of policy are configured it never passes, and says so.
package struct PolicyGate: GateCheck {
    package init() {}
    package var gate: GateResult.Gate { .policy }
    package var isCheckedAgain: Bool { true }
    package var isStanding: Bool { true }

    package func check(_ plan: Plan, in context: GateContext) async -> GateResult {
        let environment = context.policy.environment
        if let freeze = context.policy.freeze(at: context.now) {
            return GateResult(
                .policy, .fail,
                "environment \(environment) is frozen until \(freeze.until)\(freeze.reason.isEmpty ? "" : ": \(freeze.reason)")",
                details: ["approve it after that, or take the freeze out of environments.\(environment).freeze and restart Martlet"])
        }
        return GateResult(.policy, .inconclusive, "no policy is configured for environment \(environment)")
    }
}
