package import Core

/// What an environment allows (INTERFACES sections 2 and 3). Durations are of the cluster's time.
package struct Policy: Sendable, Hashable {
    /// `prod`, `staging`, …; the actor of what this policy approves is `policy:<environment>`.
    package var environment: String
    /// For every class of risk that ``autonomyByRisk`` does not name.
    package var autonomy: Autonomy
    package var autonomyByRisk: [RiskClass: Autonomy] = [:]
    /// With autonomy `auto`: the greatest risk that needs no person.
    package var autoUpTo: RiskClass
    /// Gates whose `inconclusive` blocks nobody.
    package var optionalGates: Set<GateResult.Gate>
    /// How many different people must approve.
    package var approvals: Int
    /// How long the effect of a plan is watched.
    package var verificationWindow: Duration
    /// How long an open plan may be approved.
    package var planLifetime: Duration
    /// Between two automatic operations on one entity.
    package var cooldown: Duration
    /// Operations on one entity within 24 hours, from which on no policy approves another.
    package var attempts: Int
    /// So many failures on one entity within `breakerPeriod` stop automatic operations on it.
    package var breakerFailures: Int
    package var breakerPeriod: Duration
    /// A plan that touches more pods than this fails its blast-radius gate.
    package var maximumPods: Int
    /// When nothing is changed.
    package var freezes: [Freeze] = []

    package init(
        environment: String, autonomy: Autonomy, autoUpTo: RiskClass = .low, optionalGates: Set<GateResult.Gate> = [], approvals: Int = 1,
        verificationWindow: Duration = .seconds(300), planLifetime: Duration = .seconds(3600), cooldown: Duration = .seconds(600),
        attempts: Int = 3, breakerFailures: Int = 2, breakerPeriod: Duration = .seconds(3600), maximumPods: Int = 100
    ) {
        self.environment = environment
        self.autonomy = autonomy
        self.autoUpTo = autoUpTo
        self.optionalGates = optionalGates
        self.approvals = max(1, approvals)
        self.verificationWindow = verificationWindow
        self.planLifetime = planLifetime
        self.cooldown = cooldown
        self.attempts = attempts
        self.breakerFailures = breakerFailures
        self.breakerPeriod = breakerPeriod
        self.maximumPods = maximumPods
    }

    /// An environment that nobody configured: plans are shown, nothing is done.
    package static func unconfigured(_ environment: String) -> Policy { Policy(environment: environment, autonomy: .suggest) }

    /// The freeze that holds at a moment of the cluster's time.
    package func freeze(at time: Timestamp) -> Freeze? { freezes.holding(at: time) }

    package var actor: String { "policy:\(environment)" }
    /// What holds for plans of a class of risk. With ``autonomy`` `auto`, risks above ``autoUpTo`` need a person.
    package func autonomy(for risk: RiskClass) -> Autonomy {
        autonomyByRisk[risk] ?? (autonomy == .auto && risk > autoUpTo ? .approve : autonomy)
    }

    /// Whether a plan of this risk may be carried out at all, approved by whomever.
    package func allowsActing(_ risk: RiskClass) -> Bool { [.approve, .auto].contains(autonomy(for: risk)) }

    /// Whether a plan with these results may be approved, once what is inconclusive is accepted.
    func mayApprove(_ plan: Plan, gates: [GateResult]) -> Bool { allowsActing(plan.risk) && gates.failed.isEmpty }

    /// Whether plans of any risk may be carried out.
    package var allowsActing: Bool { RiskClass.allCases.contains(where: allowsActing) }

    /// Whether plans are not even shown, whatever their risk.
    package var observesOnly: Bool { RiskClass.allCases.allSatisfy { autonomy(for: $0) == .observe } }
}
