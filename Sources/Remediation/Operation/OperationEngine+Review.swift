import Core
import Journal

extension OperationEngine {
    /// Looks at the open plans of a cluster as time goes by: closes those that nobody approved in time and those of incidents for which
    /// nothing may be done any more, and asks the standing gates anew, so that a freeze holds from its first moment and lets go at its
    /// end; gates that failed now and then, since what they found may be gone. Call it now and then.
    ///
    /// - Returns: the incidents with a plan that may be approved now and could not be before.
    @discardableResult
    package func review(cluster: String) async throws -> [String] {
        guard let site = sites[cluster] else { return [] }
        try await closeUnwanted()
        lookedAgain = lookedAgain.filter { board[$0.key]?.isOpen == true }
        var released: [String] = []
        for record in board.plans where record.plan.cluster == cluster && record.isOpen {
            guard !busy.contains(record.plan.id) else { continue }
            if let entry = expiry(record, policy: policy(record.plan.environment), at: site.clock.now()) {
                try await close([entry])
            } else if try await reviewed(record, site, again: dueAgain(record, at: site.clock.now())).state == .awaiting,
                record.state == .proposed
            {
                released.append(record.incident)
            }
        }
        return released
    }

    static let secondLook = Duration.seconds(60)

    /// The failed gates of a plan that are to be asked again now. A rehearsal costs more than to be had so often: it is repeated when
    /// somebody approves.
    private func dueAgain(_ record: PlanRecord, at now: Timestamp) -> [GateResult.Gate] {
        let failed = record.gates.failed.map(\.gate).filter { $0 != .rehearsal }
        guard !failed.isEmpty, now - (lookedAgain[record.plan.id] ?? record.proposedAt) >= OperationEngine.secondLook else { return [] }
        lookedAgain[record.plan.id] = now
        return failed
    }

    /// Closes the open plans of incidents for which nothing may be done any more. Call it after a person's word on an incident, too.
    package func closeUnwanted() async throws {
        var entries: [NewEntry] = []
        for record in board.plans where record.undoes == nil && record.isOpen {
            guard let site = sites[record.plan.cluster], let reason = await objection(record.incident) else { continue }
            entries.append(entry(.planClosed, record, at: site.clock.now(), ["state": "void", "reason": .string(reason)]))
        }
        try await close(entries)
    }

    /// Records that plans are closed. Those that somebody decided on meanwhile are left alone, and nobody can decide on the others
    /// while it is being recorded.
    func close(_ closings: [NewEntry], with others: [NewEntry] = []) async throws {
        let closings = closings.filter { board[$0.subject]?.isOpen == true && !busy.contains($0.subject) }
        guard !closings.isEmpty || !others.isEmpty else { return }
        let subjects = closings.map(\.subject)
        busy.formUnion(subjects)
        defer { busy.subtract(subjects) }
        try await append(closings + others)
    }

    /// The plan's record with the standing gates, and those named, as they answer now; a change is recorded first.
    func reviewed(_ record: PlanRecord, _ site: Site, again: [GateResult.Gate] = []) async throws -> PlanRecord {
        let policy = policy(record.plan.environment)
        let results = await check(record.plan, policy: policy, site: site) { $0.isStanding || again.contains($0.gate) }
        guard let record = board[record.plan.id], record.isOpen else { return board[record.plan.id] ?? record }
        // As the journal holds them: what is compared must be what was written.
        let now = (redacting(.array(results.map(\.json))).array ?? []).compactMap(GateResult.init(json:))
        let changed = now.filter { new in record.gates.contains { $0.gate == new.gate && $0 != new } }
        guard !changed.isEmpty else { return record }
        var after = record
        after.gates = record.gates.replaced(by: changed)
        let mayApprove = policy.mayApprove(record.plan, gates: after.gates)
        after.state = mayApprove ? .awaiting : .proposed
        var payload: JSON = ["gates": .array(changed.map(\.json)), "awaiting": .bool(mayApprove)]
        if policyRefusals(after).isEmpty, record.recommendation.restsOnOwnState { payload["automatic"] = true }
        try await append([entry(.planChecked, record, at: site.clock.now(), payload)])
        return board[record.plan.id] ?? record
    }

    func expiry(_ record: PlanRecord, policy: Policy, at now: Timestamp) -> NewEntry? {
        guard now - record.proposedAt >= policy.planLifetime else { return nil }
        let minutes = Int(policy.planLifetime.secondCount / 60)
        return entry(.planClosed, record, at: now, ["state": "expired", "reason": "nobody approved it within \(minutes) min"])
    }
}
