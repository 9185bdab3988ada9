package import Core
import Journal

extension OperationEngine {
    /// Approves a plan as it was shown. The operation runs once ``run()`` takes it up, or ``execute(_:)`` is called.
    ///
    /// - Parameters:
    ///   - digest: of the plan that the approver saw.
    ///   - accepted: the inconclusive gates that the approver accepts by name.
    ///   - actor: name of the approver's token.
    /// - Throws: ``MartletError`` `.notFound`, `.conflict` when it is being decided already, `.refused` with the reason otherwise.
    @discardableResult
    package func approve(
        _ id: String, digest: String, accepted: [GateResult.Gate] = [], actor: String, reason note: String? = nil
    ) async throws -> PlanRecord {
        var record = try open(id)
        guard !busy.contains(id) else { throw MartletError(.conflict, "plan \(id) is being decided on at this moment") }
        busy.insert(id)
        defer { busy.remove(id) }
        try refuseWhenPaused()
        let policy = policy(record.plan.environment)
        guard policy.allowsActing(record.plan.risk) else {
            throw MartletError(
                .refused,
                "environment \(policy.environment) is set to \(policy.autonomy(for: record.plan.risk).rawValue) for plans of \(record.plan.risk.rawValue) risk: Martlet does not act there",
                details: record.plan.commands, fix: "run the commands above yourself, or set autonomy to approve")
        }
        guard digest == record.digest else {
            throw MartletError(
                .refused,
                "the approval is void: plan \(id) has digest \(record.digest.prefix(12)), the one that was shown \(digest.prefix(12))",
                fix: "look at the plan again: martlet plans show \(id)")
        }
        let site = try site(record.plan.cluster)
        try await closeWhenExpired(record, policy: policy, at: site.clock.now())
        guard record.plan.digest == record.digest else {
            try await void(record, "it is not the plan that was proposed: its digest is \(record.plan.digest.prefix(12))", site)
            throw MartletError(.refused, "plan \(id) is void: its text in the journal no longer has the digest that was proposed")
        }
        record = try await reviewed(record, site, again: record.gates.failed.map(\.gate))
        if let failed = record.gates.failed.first {
            throw MartletError(
                .refused, "gate \(failed.gate.rawValue) failed: \(failed.text)", details: failed.details,
                fix: "do away with what the gate found and approve again, or choose another plan")
        }
        let missing = record.gates.needingAcceptance(optional: policy.optionalGates).filter { !accepted.contains($0) }
        guard missing.isEmpty else {
            let names = missing.map(\.rawValue).joined(separator: ",")
            throw MartletError(
                .refused, "\(missing.count == 1 ? "gate" : "gates") \(names) could not be decided: approve only if you accept that",
                details: record.gates.filter { missing.contains($0.gate) }.map { "\($0.gate.rawValue): \($0.text)" },
                fix: "martlet approve \(id) --accept \(names), or tick what you accept on the page")
        }
        if record.approvals.contains(where: { $0.actor == actor }) {
            throw MartletError(.refused, "\(actor) has approved plan \(id) already; \(record.approvalsMissing) more must come from others")
        }
        // Taking something back is asked for when the incident is over.
        var reason = await record.undoes == nil ? objection(record.incident) : nil
        if reason == nil { reason = try await changedState(record, site) }
        if let reason {
            try await void(record, reason, site)
            throw MartletError(.refused, "plan \(id) is void: \(reason)", fix: "a new plan follows once the incident is diagnosed anew")
        }
        try await self.record(approval: record, accepted: accepted, actor: actor, reason: note)
        guard let approved = board[id] else { throw MartletError(.internalError, "plan \(id) is gone from the board") }
        if approved.state == .approved { enqueue(id) }
        return approved
    }

    /// Turns a plan down.
    package func reject(_ id: String, actor: String, reason: String) async throws {
        let record = try open(id)
        guard !busy.contains(id) else { throw MartletError(.conflict, "plan \(id) is being decided on at this moment") }
        busy.insert(id)
        defer { busy.remove(id) }
        let now = sites[record.plan.cluster]?.clock.now() ?? record.proposedAt
        try await append([entry(.planClosed, record, actor: actor, at: now, ["state": "rejected", "reason": .string(reason)])])
    }

    /// Why a policy may not approve this plan by itself; empty when it may (INTERFACES section 2).
    package func automaticRefusals(_ record: PlanRecord, cause: Cause) -> [String] {
        guard !OperationEngine.rests(onOwnStateOf: cause) else { return policyRefusals(record) }
        return policyRefusals(record)
            + ["only words speak for it: nothing was observed in the state of \(cause.resource.resource) itself"]
    }

    /// The same for a plan that rests on more than words.
    func policyRefusals(_ record: PlanRecord) -> [String] {
        let policy = policy(record.plan.environment)
        guard let site = sites[record.plan.cluster] else { return ["the cluster is not connected"] }
        var refusals: [String] = []
        let autonomy = policy.autonomy(for: record.plan.risk)
        if autonomy != .auto { refusals.append("autonomy is \(autonomy.rawValue) for plans of \(record.plan.risk.rawValue) risk") }
        if record.state != .awaiting { refusals.append("the plan is \(record.state.rawValue)") }
        if policy.approvals > 1 { refusals.append("\(policy.approvals) people must approve") }
        if board.safety.isPaused { refusals.append("Martlet is paused") }
        refusals += record.gates.failed.map { "gate \($0.gate.rawValue) failed" }
        refusals += record.gates.needingAcceptance(optional: policy.optionalGates).map { "gate \($0.rawValue) is inconclusive" }
        refusals += board.safety.holds(record.plan, policy: policy, at: site.clock.now()).map(\.description)
        if let caveat = record.plan.caveat, !refusals.contains(caveat) { refusals.append(caveat) }
        return refusals
    }

    /// Whether something other than text of logs, events and alerts speaks for the cause (INTERFACES section 7).
    static func rests(onOwnStateOf cause: Cause) -> Bool {
        let states: Set<Evidence.Kind> = [.status, .spec, .metric, .change, .unit]
        let own = cause.findings.filter { $0.entity.withoutContainer == cause.resource.withoutContainer }
        let evidence = cause.findings.isEmpty ? cause.evidence : own.flatMap(\.evidence)
        return evidence.contains { states.contains($0.kind) }
    }

    // MARK: Parts

    func record(approval record: PlanRecord, accepted: [GateResult.Gate], actor: String, reason: String?) async throws {
        let now = try site(record.plan.cluster).clock.now()
        var payload: JSON = ["accepted": JSON(accepted.map(\.rawValue)), "missing": JSON(max(0, record.approvalsMissing - 1))]
        if let reason, !reason.isEmpty { payload["reason"] = .string(reason) }
        try await append([entry(.planApproved, record, actor: actor, at: now, payload)])
    }

    private func open(_ id: String) throws -> PlanRecord {
        guard let record = board[id] else { throw MartletError(.notFound, "there is no plan \(id)", fix: "martlet plans list") }
        guard record.isOpen else {
            let why = record.closedReason.map { ": \($0)" } ?? ""
            throw MartletError(.refused, "plan \(id) is \(record.state.rawValue)\(why)")
        }
        return record
    }

    func void(_ record: PlanRecord, _ reason: String, _ site: Site, state: String = "void") async throws {
        try await append([
            entry(.planClosed, record, at: site.clock.now(), ["state": .string(state), "reason": .string(reason)])
        ])
    }

    /// What differs from the state that the plan was computed from, in words; nil when nothing does.
    func changedState(_ record: PlanRecord, _ site: Site) async throws -> String? {
        for target in record.targets {
            let name = target.shortDescription
            guard let seen = try await site.runner.read(target) else { return "\(name) is gone" }
            let was = record.plan.state[target.description]
            guard seen.uid == was?["uid"]?.string else { return "\(name) was made anew since" }
            let hash = StateHash.hash(seen.object, parts: site.catalogue.parts(of: record.plan.steps, target: target))
            guard hash == was?["hash"]?.string else { return "\(name) was changed since the plan was made" }
        }
        return nil
    }

    private func closeWhenExpired(_ record: PlanRecord, policy: Policy, at now: Timestamp) async throws {
        guard let entry = expiry(record, policy: policy, at: now) else { return }
        try await append([entry])
        throw MartletError(.refused, "plan \(record.plan.id) has expired", fix: "a new plan follows once the incident is diagnosed anew")
    }
}
