import Core
import Remediation
import Testing

@Suite struct SafetyRules {
    /// Runs `repair` and says what keeps a policy from doing it once more.
    private func holds(_ world: World, repairs: Int, wait: Duration = .zero, incident: String? = nil) async throws -> [Safety.Hold.Kind] {
        let engine = await world.engine()
        for i in 0..<repairs {
            world.workshop.put(world.path, level: 1 + i % 2, needs: 9)
            _ = try await world.repair(engine)
        }
        world.clock.advance(wait)
        world.workshop.put(world.path, level: 1, needs: 9)
        let other = incident.map {
            IncidentReference(
                id: $0, number: 2, cluster: "c", clusterUID: "uid-of-cluster", environment: "demo", cause: world.incident.cause)
        }
        let plan = try #require(try await engine.propose(for: other ?? world.incident).first)
        return await engine.plans.safety.holds(plan.plan, policy: world.policy, at: world.clock.now()).map(\.kind)
    }

    @Test func nothingHoldsTheFirst() async throws { #expect(try await holds(World(), repairs: 0).isEmpty) }

    @Test func cooldownPasses() async throws {
        #expect(try await holds(World(), repairs: 1, incident: "another").contains(.cooldown))
        #expect(try await !holds(World(), repairs: 1, wait: .seconds(601), incident: "another").contains(.cooldown))
    }

    @Test func twoFailuresInAnHourOpenTheBreaker() async throws {
        #expect(try await !holds(World(), repairs: 1, incident: "another").contains(.breaker))
        #expect(try await holds(World(), repairs: 2, incident: "another").contains(.breaker))
        #expect(try await !holds(World(), repairs: 2, wait: .seconds(3601), incident: "another").contains(.breaker))
    }

    @Test func attemptsAreCountedPerEntityAndDay() async throws {
        #expect(try await holds(World(), repairs: 3, wait: .seconds(7200), incident: "another").contains(.attempts))
        #expect(try await !holds(World(), repairs: 2, wait: .seconds(7200), incident: "another").contains(.attempts))
        #expect(try await !holds(World(), repairs: 3, wait: .seconds(86_401), incident: "another").contains(.attempts))
    }

    @Test func whatDidNotHelpIsNotRepeatedByItself() async throws {
        #expect(try await holds(World(), repairs: 1, wait: .seconds(7200)) == [.repetition])
    }

    /// A world in which a policy may do everything, after a person has said no to the one plan that there is.
    private func declined(_ decline: (OperationEngine, PlanRecord) async throws -> Void) async throws -> (World, OperationEngine) {
        var world = World()
        let engine = await world.engine()
        try await decline(engine, try #require(try await engine.propose(for: world.incident).first))
        world.workshop.put(world.path, level: 1, needs: 5)
        world.clock.advance(.seconds(7200))
        world.policy.autonomy = .auto
        // Also after a restart.
        return (world, await world.engine(seed: 2))
    }

    private func rejected() async throws -> (World, OperationEngine) {
        try await declined { try await $0.reject($1.plan.id, actor: "alice", reason: "on purpose") }
    }

    private func taken() async throws -> (World, OperationEngine) {
        try await declined { engine, plan in
            try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
            try await engine.execute(plan.plan.id)
            let undo = try await engine.undo(plan.plan.id, actor: "alice", reason: "on purpose")
            try await engine.execute(undo.plan.id)
        }
    }

    @Test func whatAPersonDidNotWantIsNotProposedAgain() async throws {
        for (world, engine) in [try await rejected(), try await taken()] {
            #expect(try await engine.propose(for: world.incident).isEmpty)
            #expect(await engine.plans.safety.unwanted(for: world.incident.id)?.hasSuffix("by alice: on purpose") == true)
            // Of another incident nobody has said anything.
            let other = IncidentReference(
                id: "another", number: 2, cluster: "c", clusterUID: "uid-of-cluster", environment: "demo", cause: world.incident.cause)
            #expect(try await engine.propose(for: other).map(\.state) == [.approved])
        }
    }

    @Test(arguments: ["cause", "state"]) func whatAPersonDidNotWantIsNoPolicysToDo(_ change: String) async throws {
        for ((world, engine), what) in [(try await rejected(), "rejected"), (try await taken(), "taken back")] {
            var cause = world.incident.cause
            if change == "cause" { cause.text = "the level is much too low" }
            if change == "state" { world.workshop.change(world.path) { $0[at: "spec", "level"] = 2 } }
            let incident = IncidentReference(
                id: world.incident.id, number: 12, cluster: "c", clusterUID: "uid-of-cluster", environment: "demo", cause: cause)
            let plan = try #require(try await engine.propose(for: incident).first)
            #expect(plan.state == .awaiting && plan.approvals.isEmpty)
            #expect(
                await engine.automaticRefusals(plan, cause: cause) == ["the same was \(what) by alice: on purpose"])
            #expect(try await engine.approve(plan.plan.id, digest: plan.digest, actor: "bob").state == .approved)
        }
    }

    @Test func aPersonMayStillApprove() async throws {
        var world = World()
        world.policy.autonomy = .auto
        world.level = 3
        let engine = await world.engine()
        let first = try #require(try await engine.propose(for: world.incident).first)
        try await engine.execute(first.plan.id)
        #expect(await engine.plans[first.plan.id]?.outcome == "rolled-back")
        let second = try #require(try await engine.propose(for: world.incident).first)
        #expect(second.state == .awaiting)
        let refusals = await engine.automaticRefusals(second, cause: world.incident.cause)
        #expect(refusals.count == 2, "cooldown, repetition: \(refusals)")
        #expect(try await engine.approve(second.plan.id, digest: second.digest, actor: "alice").state == .approved)
    }
}
