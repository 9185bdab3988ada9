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
