import Core
import Journal

extension OperationEngine {
    /// Looks at the open plans of a cluster as time goes by: closes those that nobody approved in time, and asks the standing gates
    /// anew, so that a freeze holds from its first moment and lets go at its end. Call it now and then.
    ///
    /// - Returns: the incidents with a plan that may be approved now and could not be before.
    @discardableResult
    package func review(cluster: String) async throws -> [String] {
        guard let site = sites[cluster] else { return [] }
        var released: [String] = []
        for record in board.plans where record.plan.cluster == cluster && record.isOpen {
            guard !busy.contains(record.plan.id) else { continue }
            if let entry = expiry(record, policy: policy(record.plan.environment), at: site.clock.now()) {
                try await append([entry])
            } else if try await reviewed(record, site).state == .awaiting, record.state == .proposed {
                released.append(record.incident)
            }
        }
        return released
    }

    /// The plan's record with the standing gates as they answer now; a change is recorded first.
    func reviewed(_ record: PlanRecord, _ site: Site) async throws -> PlanRecord {
        let policy = policy(record.plan.environment)
        let results = await check(record.plan, policy: policy, site: site) { $0.isStanding }
        guard let record = board[record.plan.id], record.isOpen else { return board[record.plan.id] ?? record }
        // As the journal holds them: what is compared must be what was written.
        let now = (redacting(.array(results.map(\.json))).array ?? []).compactMap(GateResult.init(json:))
        let changed = now.filter { new in record.gates.contains { $0.gate == new.gate && $0 != new } }
        guard !changed.isEmpty else { return record }
        let mayApprove = policy.mayApprove(record.plan, gates: record.gates.replaced(by: changed))
        try await append([
            entry(
                .planChecked, record, at: site.clock.now(),
                ["gates": .array(changed.map(\.json)), "awaiting": .bool(mayApprove)])
        ])
        return board[record.plan.id] ?? record
    }

    func expiry(_ record: PlanRecord, policy: Policy, at now: Timestamp) -> NewEntry? {
        guard now - record.proposedAt >= policy.planLifetime else { return nil }
        let minutes = Int(policy.planLifetime.secondCount / 60)
        return entry(.planClosed, record, at: now, ["state": "expired", "reason": "nobody approved it within \(minutes) min"])
    }
}
