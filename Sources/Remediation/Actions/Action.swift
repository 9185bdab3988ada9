package import Core

/// One typed operation of the catalogue. Everything about it is computed before it runs, from values only.
package protocol Action: Sendable {
    /// Its name in plans: `rollback`, `restart`, `scale`, `set-memory-limit`, `pause-rollout`.
    var type: String { get }

    /// What this action would do about the cause, or nil where its preconditions do not hold.
    func propose(for cause: Cause, on target: ObservedTarget) -> Proposal?

    /// The parts of the object that `patch`, of a step of this type, reads or touches: what the state hash covers.
    func parts(of patch: JSON) -> [[String]]
}

/// One step and all that people and gates are told about it.
package struct Proposal: Sendable, Hashable {
    package var step: Plan.Step
    /// `roll back checkout to revision 6`
    package var title: String
    package var risk: RiskClass
    package var blastRadius: String
    /// How it is undone, in words; says so where there is no inverse.
    package var undo: String
    package var commands: [String]
    package var diff: [FieldChange]
    /// 0…1: how well this action fits the cause. The best fit is shown first.
    package var fit: Double
    /// A doubt that a person has to weigh: no policy approves it then.
    package var caveat: String?

    package init(
        step: Plan.Step, title: String, risk: RiskClass, blastRadius: String, undo: String, commands: [String], diff: [FieldChange],
        fit: Double, caveat: String? = nil
    ) {
        self.step = step
        self.title = title
        self.risk = risk
        self.blastRadius = blastRadius
        self.undo = undo
        self.commands = commands
        self.diff = diff
        self.fit = fit
        self.caveat = caveat
    }
}

/// The actions that an engine knows. Adding one means one file and one line where the catalogue is made.
package struct ActionCatalogue: Sendable {
    package let actions: [any Action]

    package init(_ actions: [any Action]) { self.actions = actions }

    package subscript(type: String) -> (any Action)? { actions.first { $0.type == type } }

    /// Every action that fits, best first; equal fits in the order of risk, then of name.
    package func proposals(for cause: Cause, on target: ObservedTarget) -> [Proposal] {
        actions.compactMap { $0.propose(for: cause, on: target) }
            .sorted { ($1.fit, $0.risk, $0.step.type) < ($0.fit, $1.risk, $1.step.type) }
    }

    /// The parts of one target that the steps read or touch, together.
    package func parts(of steps: [Plan.Step], target: EntityPath) -> [[String]] {
        steps.filter { $0.target == target }.flatMap { step in
            self[step.type].map { $0.parts(of: step.patch) + $0.parts(of: step.inverse) } ?? []
        }
    }
}
