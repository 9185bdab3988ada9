import Core
import Journal

extension OperationEngine {
    /// Makes the plans that fit an incident, checks their gates, records them and, where the environment allows it, approves the best
    /// by policy. Asking again changes nothing while the plans are still right; one whose state has changed becomes void.
    ///
    /// - Returns: the incident's open plans, best first; none when nothing fits or the environment only observes.
    /// - Throws: ``MartletError`` when the cluster cannot be read or the journal cannot be written.
    @discardableResult
    package func propose(for incident: IncidentReference) async throws -> [PlanRecord] {
        let policy = policy(incident.environment)
        guard !policy.observesOnly, !incident.cause.isUndecided, !busy.contains(incident.id) else { return [] }
        if board.plans(of: incident.id).contains(where: \.state.isRunning) { return [] }
        busy.insert(incident.id)
        defer { busy.remove(incident.id) }

        let site = try site(incident.cluster)
        let uid = try await site.runner.clusterUID()
        guard uid == incident.clusterUID else {
            throw MartletError(
                .refused,
                "cluster \(incident.cluster) is another one now: its kube-system has uid \(uid), the incident's has \(incident.clusterUID)",
                fix: "check which cluster the context of \(incident.cluster) points to")
        }
        let wanted = try await plans(for: incident, policy: policy, site: site)
        let open = board.plans(of: incident.id).filter(\.isOpen)
        var closings: [NewEntry] = []
        var entries: [NewEntry] = []
        let now = site.clock.now()
        // A doubt that has come up since makes it another plan, although it does the same; one that is gone is no harm.
        func isSame(_ plan: Plan, _ record: PlanRecord) -> Bool {
            plan.digest == record.digest && (plan.caveat == nil || record.plan.caveat != nil)
        }
        for record in open where !wanted.contains(where: { isSame($0, record) }) {
            closings.append(
                entry(.planClosed, record, at: now, ["state": "void", "reason": "what it was computed from has changed"]))
        }
        for plan in wanted where !open.contains(where: { isSame(plan, $0) }) {
            let gates = await check(plan, policy: policy, site: site)
            entries.append(proposal(plan, gates: gates, policy: policy, recommendation: Recommendation(incident), at: now))
        }
        // What policy approves next waits for nobody, and nobody is to be called for it.
        let known = open.filter { record in wanted.contains { isSame($0, record) } }.compactMap { board[$0.plan.id] }
        let fresh = entries.compactMap { PlanRecord(proposed: $0.payload, at: now) }
        if !incident.isEscalated, (known + fresh).contains(where: { automaticRefusals($0, cause: incident.cause).isEmpty }) {
            for index in entries.indices { entries[index].payload["automatic"] = true }
        }
        // Gates take their time: meanwhile a plan may have been approved, or a person may have closed the incident.
        if await objection(incident.id) != nil || board.plans(of: incident.id).contains(where: \.state.isRunning) { return [] }
        try await close(closings, with: entries)
        for record in board.plans(of: incident.id) where !busy.contains(record.plan.id) { _ = try await reviewed(record, site) }
        if await objection(incident.id) != nil { return [] }

        let rank = Dictionary(wanted.enumerated().map { ($1.digest, $0) }, uniquingKeysWith: { a, _ in a })
        let records = board.plans(of: incident.id).filter { !$0.state.isFinal }
            .sorted { (rank[$0.digest] ?? .max, $0.plan.id) < (rank[$1.digest] ?? .max, $1.plan.id) }
        if !incident.isEscalated, !records.contains(where: { $0.state.isRunning || busy.contains($0.plan.id) }),
            let chosen = records.first(where: { automaticRefusals($0, cause: incident.cause).isEmpty })
        {
            busy.insert(chosen.plan.id)
            defer { busy.remove(chosen.plan.id) }
            try await record(approval: chosen, accepted: [], actor: policy.actor, reason: "within what \(policy.environment) allows")
            enqueue(chosen.plan.id)
        }
        return records.compactMap { board[$0.plan.id] }
    }

    /// Plans of one step each, best first; those that were tried for this incident in vain come last, and what a person turned down does
    /// not come again while cause and state are as they were.
    private func plans(for incident: IncidentReference, policy: Policy, site: Site) async throws -> [Plan] {
        let path = incident.cause.resource.withoutContainer
        guard let target = try await site.runner.read(path) else { return [] }
        // As the journal holds it.
        let cause = Recommendation(json: redacting(Recommendation(incident).json)).cause
        let plans = site.catalogue.proposals(for: incident.cause, on: target).map { proposal in
            plan(proposal, on: target, incident: incident, policy: policy, site: site)
        }.filter { policy.autonomy(for: $0.risk) != .observe && !board.safety.isUnwanted($0, cause: cause) }
        let inVain = plans.filter(board.safety.hasNotHelped).map { plan in
            var plan = plan
            plan.caveat = [plan.caveat, Safety.repetition].compactMap { $0 }.joined(separator: "; ")
            return plan
        }
        return plans.filter { !board.safety.hasNotHelped($0) } + inVain
    }

    private func plan(
        _ proposal: Proposal, on target: ObservedTarget, incident: IncidentReference, policy: Policy, site: Site
    ) -> Plan {
        var step = proposal.step
        step.verification["window"] = .number(policy.verificationWindow.secondCount)
        return Plan(
            id: nextID(at: site.clock.now()), cluster: incident.cluster, clusterUID: incident.clusterUID,
            environment: incident.environment, incident: incident.id, steps: [step],
            state: StateHash.state([(target, site.catalogue.parts(of: [step], target: target.path))]), title: proposal.title,
            risk: proposal.risk, blastRadius: proposal.blastRadius, undo: proposal.undo, commands: proposal.commands, diff: proposal.diff,
            caveat: proposal.caveat)
    }

    func proposal(
        _ plan: Plan, gates: [GateResult], policy: Policy, recommendation: Recommendation, undoes: String? = nil, at now: Timestamp
    ) -> NewEntry {
        var shown = plan.json
        shown["diff"] = redacting(shown["diff"] ?? [])
        var payload: JSON = [
            "incident": .string(plan.incident), "plan": shown, "gates": redacting(.array(gates.map(\.json))),
            "awaiting": .bool(policy.mayApprove(plan, gates: gates)), "approvals": JSON(policy.approvals),
            "recommendation": redacting(recommendation.json), "at": .string(now.description),
        ]
        if let undoes { payload["undoes"] = .string(undoes) }
        return NewEntry(
            type: .planProposed, cluster: plan.cluster, environment: plan.environment, subject: plan.id, actor: "martlet", payload: payload)
    }

    /// All six gates, or only those that `isWanted` names.
    func check(
        _ plan: Plan, policy: Policy, site: Site, isWanted: ((any GateCheck) -> Bool)? = nil
    ) async -> [GateResult] {
        let now = site.clock.now()
        let context = GateContext(
            policy: policy, running: board.running.filter { $0.plan.id != plan.id }, isPaused: board.safety.isPaused, now: now,
            holds: board.safety.holds(plan, policy: policy, at: now))
        var results: [GateResult] = []
        for check in site.gates where isWanted?(check) ?? true { results.append(await check.check(plan, in: context)) }
        return isWanted == nil ? results.allSix : results
    }
}
