import Core
import Journal

extension OperationEngine {
    /// Carries an approved operation out to its end, or goes on with one that was interrupted. Each turn looks at the record and does
    /// the one next thing, recorded before it is done; so it makes no difference who did the turns before.
    ///
    /// Returns early while Martlet is paused. Calls for an operation that is being carried out return at once.
    /// - Throws: when the journal cannot be written, or on cancellation; the operation can then be taken up again.
    package func execute(_ id: String) async throws {
        guard !executing.contains(id) else { return }
        executing.insert(id)
        defer { executing.remove(id) }
        while let record = board[id], record.state.isRunning {
            guard try await advance(record, try site(record.plan.cluster)) else { return }
        }
        if board[id]?.state.isFinal == true { claims = claims.filter { $0.value != id } }
    }

    /// One turn; false when the pause holds it.
    private func advance(_ record: PlanRecord, _ site: Site) async throws -> Bool {
        switch record.state {
        case .approved:
            if board.safety.isPaused { return false }
            try await start(record, site)
        case .acting:
            if let failed = record.failedStep { try await afterFailure(failed, record, site); return true }
            if let next = record.plan.steps.indices.first(where: { !record.isDone($0, inverse: false) }) {
                return try await perform(next, inverse: false, record, site)
            }
            try await startVerification(record, inverse: false, site)
        case .verifying:
            switch record.verification?.verdict {
            case nil: try await verify(record, inverse: false, site)
            case .pass: try await end(record, record.undoes == nil ? .repaired : .undone, site)
            case .inconclusive: try await end(record, .inconclusive, site)
            case .fail: try await startRollback(record, "verification failed: \(record.verificationText ?? "")", site)
            }
        case .rollingBack:
            if record.steps.contains(where: { $0.isInverse && $0.state == .failed }) { try await end(record, .failed, site); return true }
            if let next = record.effectiveSteps.last(where: { !record.isDone($0.index, inverse: true) }) {
                return try await perform(next.index, inverse: true, record, site)
            }
            switch record.rollbackVerification {
            case nil: try await startVerification(record, inverse: true, site)
            case let started? where started.verdict == nil: try await verify(record, inverse: true, site)
            default: try await end(record, .rolledBack, site)
            }
        case .proposed, .awaiting, .done, .rejected, .expired, .void, .failed: break
        }
        return true
    }

    /// From approval to `operation.started`: everything that can have changed since is looked at again.
    private func start(_ record: PlanRecord, _ site: Site) async throws {
        let plan = record.plan
        for target in record.targets {
            if let holder = claims[target], holder != plan.id {
                return try await void(record, "another operation, \(holder), is running on \(target.shortDescription)", site)
            }
        }
        for target in record.targets { claims[target] = plan.id }
        // Taking something back is asked for when the incident is over.
        if record.undoes == nil, let reason = await objection(record.incident) { return try await void(record, reason, site) }
        guard let gates = try await gatesBeforeStart(record, site) else { return }
        let measured = OperationEngine.json(try await measure(record.targets, site))
        // What an undo restores is compared with what was before the operation that it takes back.
        let before = record.undoes.flatMap { board[$0]?.before } ?? measured
        let now = site.clock.now()
        var entries = [
            entry(
                .operationStarted, record, at: now,
                ["gates": .array(gates.map(\.json)), "before": before])
        ]
        for other in board.plans(of: record.incident)
        where other.plan.id != plan.id && other.isOpen {
            entries.append(entry(.planClosed, other, at: now, ["state": "void", "reason": "another plan of this incident is carried out"]))
        }
        try await append(entries)
    }

    /// The gates that are checked again, none of them failed; nil when the plan is void now, or Martlet was paused meanwhile. A gate that
    /// can no longer be decided is often a server out of reach for a moment: it is checked some times more before it voids the plan.
    private func gatesBeforeStart(_ record: PlanRecord, _ site: Site) async throws -> [GateResult]? {
        let plan = record.plan
        let policy = policy(plan.environment)
        var attempt = 0
        while true {
            let uid = try await site.runner.clusterUID()
            guard uid == plan.clusterUID else {
                try await void(record, "the cluster is another one now (uid \(uid))", site)
                return nil
            }
            if let changed = try await changedState(record, site) {
                try await void(record, changed, site)
                return nil
            }
            let gates = await check(plan, policy: policy, site: site) { $0.isCheckedAgain }
            if let failed = gates.failed.first {
                try await void(record, "gate \(failed.gate.rawValue) failed after approval: \(failed.text)", site, state: "failed-gate")
                return nil
            }
            let undecided = gates.needingAcceptance(optional: policy.optionalGates).first { !record.accepted.contains($0) }
            guard let undecided, let result = gates.first(where: { $0.gate == undecided }) else { return gates }
            attempt += 1
            guard attempt < OperationEngine.maximumChecks else {
                try await void(record, "gate \(undecided.rawValue) can no longer be decided: \(result.text)", site)
                return nil
            }
            try await backOff(attempt, site)
            if board.safety.isPaused { return nil }
        }
    }

    /// How often gates are checked again after approval before what cannot be decided voids the plan: 25 s of waiting in all.
    private static let maximumChecks = 8

    private func afterFailure(_ failed: StepRecord, _ record: PlanRecord, _ site: Site) async throws {
        if failed.isUncertain { return try await end(record, .inconclusive, site) }
        if record.effectiveSteps.isEmpty { return try await end(record, .failed, site) }
        try await startRollback(record, "step \(failed.index + 1) failed: \(failed.error ?? "")", site)
    }

    private func startRollback(_ record: PlanRecord, _ reason: String, _ site: Site) async throws {
        try await append([entry(.rollbackStarted, record, at: site.clock.now(), ["reason": .string(reason)])])
    }

    private func end(_ record: PlanRecord, _ outcome: OperationOutcome, _ site: Site) async throws {
        let now = site.clock.now()
        var ended = record
        ended.outcome = outcome.rawValue
        ended.endedAt = now
        ended.state = outcome.state
        var payload: JSON = ["outcome": .string(outcome.rawValue), "text": .string(OperationRecord(ended).markdown)]
        payload["checkpoint"] = await journal.latestCheckpoint().map(\.json)
        try await append([entry(.operationEnded, record, at: now, payload)])
    }
}
