import Core
import Journal
import Remediation
import Testing

@Suite struct Approvals {
    private func ownedWorld() throws -> (World, MendedGate) {
        var world = World()
        let gate = MendedGate()
        world.gates[try #require(GateResult.Gate.allCases.firstIndex(of: .drift))] = gate
        return (world, gate)
    }

    @Test func whoDoesAwayWithWhatAGateFoundMayApprove() async throws {
        let (world, gate) = try ownedWorld()
        let engine = await world.engine()
        let plan = try #require(try await engine.propose(for: world.incident).first)
        #expect(plan.state == .proposed)
        await #expect(throws: MartletError.self) { try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice") }
        gate.mend()
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        try await engine.execute(plan.plan.id)
        #expect(await engine.plans[plan.plan.id]?.outcome == "repaired")
    }

    @Test func aGateThatFailedIsAskedAgainNowAndThen() async throws {
        let (world, gate) = try ownedWorld()
        let engine = await world.engine()
        let plan = try #require(try await engine.propose(for: world.incident).first)
        gate.mend()
        for _ in 0..<5 { #expect(try await engine.review(cluster: "c") == []) }
        #expect(gate.asked == 1, "not with every look")
        world.clock.advance(.seconds(60))
        #expect(try await engine.review(cluster: "c") == [world.incident.id])
        #expect(await engine.plans[plan.plan.id]?.state == .awaiting)
        #expect(gate.asked == 2)
    }

    private func proposed(_ world: World) async throws -> (OperationEngine, PlanRecord) {
        let engine = await world.engine()
        let plan = try #require(try await engine.propose(for: world.incident).first)
        return (engine, plan)
    }

    private func refusal(_ body: () async throws -> Void) async -> String? {
        do { try await body(); return nil } catch let error as MartletError where error.code == .refused { return error.message } catch {
            return "\(error)"
        }
    }

    @Test func ofAnotherDigestIsVoid() async throws {
        let (engine, plan) = try await proposed(World())
        let text = await refusal { try await engine.approve(plan.plan.id, digest: String(repeating: "0", count: 64), actor: "alice") }
        #expect(text?.contains("the approval is void") == true)
        #expect(await engine.plans[plan.plan.id]?.state == .awaiting)
    }

    @Test(arguments: ["level", "uid", "gone"]) func ofAnotherStateMakesThePlanVoid(_ change: String) async throws {
        let world = World()
        let (engine, plan) = try await proposed(world)
        switch change {
        case "level": world.workshop.change(world.path) { $0[at: "spec", "level"] = 2 }
        case "uid": world.workshop.change(world.path) { $0[at: "metadata", "uid"] = "another" }
        default: world.workshop.remove(world.path)
        }
        let text = await refusal { try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice") }
        #expect(text?.contains("is void") == true)
        #expect(await engine.plans[plan.plan.id]?.state == .void)
        #expect(world.workshop.log.isEmpty)
    }

    @Test func whatMovesByItselfIsNoChange() async throws {
        let world = World()
        let (engine, plan) = try await proposed(world)
        world.workshop.change(world.path) {
            $0["status"] = ["observed": 3]; $0[at: "metadata", "generation"] = 9
        }
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        #expect(await engine.plans[plan.plan.id]?.state == .approved)
    }

    @Test func aStateThatChangesAfterApprovalStopsTheFirstStep() async throws {
        let world = World()
        let (engine, plan) = try await proposed(world)
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        world.workshop.change(world.path) { $0[at: "spec", "level"] = 2 }
        try await engine.execute(plan.plan.id)
        #expect(await engine.plans[plan.plan.id]?.state == .void)
        #expect(world.workshop.log.isEmpty)
    }

    @Test func aFailedGateStopsEverybody() async throws {
        var world = World()
        world.gates[3] = FixedGate(gate: .drift, verdict: .fail)
        let (engine, plan) = try await proposed(world)
        #expect(plan.state == .proposed)
        let text = await refusal { try await engine.approve(plan.plan.id, digest: plan.digest, accepted: [.drift], actor: "alice") }
        #expect(text?.contains("gate drift failed") == true)
    }

    @Test func inconclusiveGatesAreAcceptedByName() async throws {
        var world = World()
        world.gates = [FixedGate(gate: .dryRun, verdict: .pass), PolicyGate(), ErrorBudgetGate()]
        world.policy.optionalGates = [.policy]
        let (engine, plan) = try await proposed(world)
        #expect(plan.gates.map(\.verdict) == [.pass, .inconclusive, .inconclusive, .inconclusive, .inconclusive, .inconclusive])
        let text = await refusal { try await engine.approve(plan.plan.id, digest: plan.digest, accepted: [.errorBudget], actor: "alice") }
        #expect(text?.contains("drift,blast-radius,rehearsal") == true)
        let record = try await engine.approve(
            plan.plan.id, digest: plan.digest, accepted: [.errorBudget, .drift, .blastRadius, .rehearsal], actor: "alice")
        #expect(record.state == .approved)
        #expect(record.accepted == [.errorBudget, .drift, .blastRadius, .rehearsal])
    }

    @Test func aGateThatFailsAfterApprovalStopsIt() async throws {
        var world = World()
        world.gates[0] = FixedGate(gate: .dryRun, verdict: .pass)
        let (engine, plan) = try await proposed(world)
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        world.gates[0] = FixedGate(gate: .dryRun, verdict: .fail, isCheckedAgain: true)
        let later = await world.engine()
        try await later.resume(inline: true)
        #expect(await later.plans[plan.plan.id]?.state == .failed)
        #expect(await later.plans[plan.plan.id]?.closedReason?.contains("gate dry-run failed after approval") == true)
        #expect(world.workshop.log.isEmpty)
    }

    /// The plan is approved while the gate passes, and carried out by a process for which it cannot be decided at first.
    private func started(inconclusive times: Int) async throws -> (World, PlanRecord, waited: Duration) {
        var world = World()
        let (engine, plan) = try await proposed(world)
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        world.gates[0] = LateGate(gate: .dryRun, inconclusive: times)
        let later = await world.engine()
        let start = world.clock.now()
        try await later.resume(inline: true)
        return (world, try #require(await later.plans[plan.plan.id]), world.clock.now() - start)
    }

    @Test func aGateThatIsOutOfReachForAMomentVoidsNothing() async throws {
        let (world, record, _) = try await started(inconclusive: 3)
        #expect(record.outcome == "repaired")
        #expect(world.workshop.log.count == 1)
    }

    @Test func aGateThatStaysOutOfReachVoidsThePlan() async throws {
        let (world, record, waited) = try await started(inconclusive: 1000)
        #expect(record.state == .void)
        #expect(record.closedReason?.contains("gate dry-run can no longer be decided: the connection was closed") == true)
        #expect(world.workshop.log.isEmpty)
        #expect((.seconds(10)...(.seconds(60))).contains(waited))
    }

    @Test(arguments: [Autonomy.observe, .suggest, .approve, .auto]) func autonomy(_ autonomy: Autonomy) async throws {
        var world = World()
        world.policy.autonomy = autonomy
        let engine = await world.engine()
        let plans = try await engine.propose(for: world.incident)
        switch autonomy {
        case .observe: #expect(plans.isEmpty)
        case .suggest:
            #expect(plans.map(\.state) == [.proposed])
            let text = await refusal { try await engine.approve(plans[0].plan.id, digest: plans[0].digest, actor: "alice") }
            #expect(text?.contains("set to suggest") == true)
        case .approve: #expect(plans.map(\.state) == [.awaiting])
        case .auto:
            #expect(plans.map(\.state) == [.approved])
            #expect(plans[0].approver == "policy:demo")
        }
    }

    @Test func anUnconfiguredEnvironmentOnlySuggests() async throws {
        let world = World()
        let engine = await world.engine()
        let incident = IncidentReference(
            id: world.incident.id, number: 1, cluster: "c", clusterUID: "uid-of-cluster", environment: "prod", cause: world.incident.cause)
        #expect(try await engine.propose(for: incident).map(\.state) == [.proposed])
    }

    enum Obstacle: String, CaseIterable { case risk, inconclusive, failed, words, approvals, paused }

    @Test(arguments: Obstacle.allCases) func aPolicyDoesNotApprove(_ obstacle: Obstacle) async throws {
        var world = World()
        world.policy.autonomy = .auto
        var cause = world.incident.cause
        switch obstacle {
        case .risk: world.actions = [Raise(risk: .medium)]
        case .inconclusive: world.gates[5] = FixedGate(gate: .rehearsal, verdict: .inconclusive)
        case .failed: world.gates[5] = FixedGate(gate: .rehearsal, verdict: .fail)
        case .words:
            cause.evidence = [Evidence(.log, source: "logs/x", text: "level too low"), Evidence(.event, source: "Event", text: "raise it")]
        case .approvals: world.policy.approvals = 2
        case .paused: break
        }
        let engine = await world.engine()
        if obstacle == .paused { try await engine.pause(actor: "alice", reason: "maintenance") }
        let incident = IncidentReference(
            id: world.incident.id, number: 1, cluster: "c", clusterUID: "uid-of-cluster", environment: "demo", cause: cause)
        let plans = try await engine.propose(for: incident)
        #expect(plans.map(\.state) == [obstacle == .failed ? .proposed : .awaiting])
    }

    @Test func severalPeopleWhereThePolicyAsksForThem() async throws {
        var world = World()
        world.policy.approvals = 2
        let (engine, plan) = try await proposed(world)
        #expect(try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice").state == .awaiting)
        #expect(await refusal { try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice") }?.contains("already") == true)
        #expect(try await engine.approve(plan.plan.id, digest: plan.digest, actor: "bob").state == .approved)
    }

    @Test func rejectedAndExpired() async throws {
        let world = World()
        let (engine, plan) = try await proposed(world)
        try await engine.reject(plan.plan.id, actor: "alice", reason: "not now")
        #expect(await engine.plans[plan.plan.id]?.state == .rejected)
        #expect(await refusal { try await engine.approve(plan.plan.id, digest: plan.digest, actor: "bob") }?.contains("not now") == true)
        world.workshop.change(world.path) { $0[at: "spec", "level"] = 2 }
        let again = try #require(try await engine.propose(for: world.incident).first)
        world.clock.advance(.seconds(3601))
        try await engine.review(cluster: "c")
        #expect(await engine.plans[again.plan.id]?.state == .expired)
    }

    @Test func askingAgainKeepsThePlan() async throws {
        let world = World()
        let (engine, plan) = try await proposed(world)
        #expect(try await engine.propose(for: world.incident).map(\.plan.id) == [plan.plan.id])
        world.workshop.change(world.path) { $0[at: "spec", "level"] = 2 }
        let after = try await engine.propose(for: world.incident)
        #expect(after.map(\.plan.id) != [plan.plan.id])
        #expect(await engine.plans[plan.plan.id]?.state == .void)
    }

    @Test func anotherClusterBehindTheNameIsRefused() async throws {
        let world = World()
        let engine = await world.engine()
        let incident = IncidentReference(
            id: "x", number: 1, cluster: "c", clusterUID: "of another", environment: "demo", cause: world.incident.cause)
        #expect(await refusal { _ = try await engine.propose(for: incident) }?.contains("another one now") == true)
    }

    @Test func pauseHoldsWhatIsApprovedAndLetsItGoOn() async throws {
        let world = World()
        let (engine, plan) = try await proposed(world)
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        try await engine.pause(actor: "bob", reason: "maintenance")
        try await engine.execute(plan.plan.id)
        #expect(await engine.plans[plan.plan.id]?.state == .approved)
        #expect(world.workshop.log.isEmpty)
        let afterRestart = await world.engine()
        try await afterRestart.execute(plan.plan.id)
        #expect(world.workshop.log.isEmpty, "a pause outlives the process")
        try await afterRestart.unpause(actor: "bob")
        try await afterRestart.execute(plan.plan.id)
        #expect(await afterRestart.plans[plan.plan.id]?.outcome == "repaired")
    }

    @Test func aFullDiskMeansNoWrite() async throws {
        let world = World()
        let (engine, plan) = try await proposed(world)
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        await world.memory.fail(with: MartletError(.io, "no space left"))
        await #expect(throws: MartletError.self) { try await engine.execute(plan.plan.id) }
        #expect(world.workshop.log.isEmpty)
        await world.memory.fail(with: nil)
        try await engine.execute(plan.plan.id)
        #expect(await engine.plans[plan.plan.id]?.outcome == "repaired")
    }
}
