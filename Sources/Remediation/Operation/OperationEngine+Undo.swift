package import Core
import Journal

extension OperationEngine {
    /// Takes back what an ended operation left in place, as a new operation of its own: planned, gated, journaled and verified like
    /// any other, and approved by whoever asks for it.
    ///
    /// - Returns: the new plan's record, approved.
    /// - Throws: ``MartletError`` `.notFound`; `.refused` when there is nothing to take back, a gate fails, or one is inconclusive and
    ///   neither optional nor accepted (the plan then stays open, and is what is approved when it is asked for again).
    @discardableResult
    package func undo(_ id: String, accepted: [GateResult.Gate] = [], actor: String, reason: String? = nil) async throws -> PlanRecord {
        guard let record = board[id] else { throw MartletError(.notFound, "there is no operation \(id)", fix: "martlet plans list") }
        guard record.state == .done, !record.effectiveSteps.isEmpty else {
            throw MartletError(.refused, "plan \(id) is \(record.state.rawValue): there is nothing in place to undo")
        }
        if let waiting = board.plans.last(where: { $0.undoes == id && $0.isOpen }) {
            return try await approve(waiting.plan.id, digest: waiting.digest, accepted: accepted, actor: actor, reason: reason)
        }
        if let later = board.plans.last(where: { $0.undoes == id && !$0.state.isFinal || $0.undoes == id && $0.outcome == "undone" }) {
            throw MartletError(.refused, "operation \(id) is being undone, or was, by \(later.plan.id)")
        }
        guard !busy.contains(id) else { throw MartletError(.conflict, "operation \(id) is being undone at this moment") }
        busy.insert(id)
        defer { busy.remove(id) }
        try refuseWhenPaused()
        let policy = policy(record.plan.environment)
        let site = try site(record.plan.cluster)
        var steps: [Plan.Step] = []
        for done in record.effectiveSteps.reversed() {
            let step = record.plan.steps[done.index]
            guard !step.inverse.isNull else {
                throw MartletError(.refused, "\(step.type) of \(step.target.shortDescription) has no inverse", fix: record.plan.undo)
            }
            var verification = step.verification
            verification["goal"] = .string(Verification.Goal.hold.rawValue)
            steps.append(
                Plan.Step(
                    type: step.type, target: step.target, parameters: ["undoes": .string("\(record.digest)/\(done.index)")],
                    patch: step.inverse,
                    inverse: step.patch, verification: verification))
        }
        var states: [(ObservedTarget, [[String]])] = []
        for target in record.targets {
            guard let seen = try await site.runner.read(target) else {
                throw MartletError(.refused, "\(target.shortDescription) is gone: there is nothing to undo")
            }
            let parts = site.catalogue.parts(of: steps, target: target)
            guard let left = record.steps.last(where: { $0.state == .done && record.plan.steps[$0.index].target == target })?.left,
                StateHash.hash(seen.object, parts: site.catalogue.parts(of: record.plan.steps, target: target)) == left
            else {
                throw MartletError(
                    .refused, "\(target.shortDescription) was changed since operation \(id): undoing it would overwrite that",
                    fix: "undo it by hand: \(record.plan.undo)")
            }
            states.append((seen, parts))
        }
        let plan = Plan(
            id: nextID(at: site.clock.now()), cluster: record.plan.cluster, clusterUID: record.plan.clusterUID,
            environment: record.plan.environment, incident: record.incident, steps: steps, state: StateHash.state(states),
            title: "undo: \(record.plan.title)", risk: record.plan.risk, blastRadius: record.plan.blastRadius, undo: record.plan.title,
            commands: [], diff: record.plan.diff.map { FieldChange(path: $0.path, from: $0.to, to: $0.from) })
        let gates = await check(plan, policy: policy, site: site)
        try await append([
            proposal(
                plan, gates: gates, policy: policy, recommendation: record.recommendation, undoes: id, at: site.clock.now())
        ])
        return try await approve(plan.id, digest: plan.digest, accepted: accepted, actor: actor, reason: reason)
    }
}
