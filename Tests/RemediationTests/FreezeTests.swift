import Core
import Journal
import Remediation
import Testing

/// A freeze of ten minutes that begins ten minutes after the world does.
@Suite struct FreezeTests {
    private func frozenWorld(_ autonomy: Autonomy = .approve) -> World {
        var world = World()
        let start = world.clock.now()
        world.policy.autonomyByRisk = [.low: autonomy, .medium: autonomy, .high: autonomy]
        world.policy.freezes = [Freeze(from: start + .seconds(600), until: start + .seconds(1200), reason: "Black Friday")]
        world.gates[1] = PolicyGate()
        return world
    }

    private func refusal(_ body: () async throws -> Void) async -> MartletError? {
        do { try await body(); return nil } catch { return error as? MartletError }
    }

    @Test func aPlanFromBeforeIsRefusedWithinAndWorksAfter() async throws {
        let world = frozenWorld()
        let engine = await world.engine()
        let plan = try #require(try await engine.propose(for: world.incident).first)
        #expect(plan.state == .awaiting)
        world.clock.advance(.seconds(600))
        let refused = await refusal { try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice") }
        #expect(refused?.code == .refused)
        #expect(refused?.message == "gate policy failed: environment demo is frozen until 2027-01-15T08:20:00Z: Black Friday")
        #expect(await engine.plans[plan.plan.id]?.state == .proposed)
        #expect(world.workshop.log.isEmpty)
        world.clock.advance(.seconds(599))
        #expect(await refusal { try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice") }?.code == .refused)
        world.clock.advance(.seconds(1))
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        try await engine.execute(plan.plan.id)
        #expect(await engine.plans[plan.plan.id]?.outcome == "repaired")
    }

    @Test func aPlanFromWithinIsShownAndMayBeApprovedAfter() async throws {
        let world = frozenWorld()
        let engine = await world.engine()
        world.clock.advance(.seconds(700))
        let plan = try #require(try await engine.propose(for: world.incident).first)
        #expect(plan.state == .proposed)
        #expect(plan.gates.first { $0.gate == .policy }?.verdict == .fail)
        #expect(try await engine.review(cluster: "c") == [])
        let entries = await world.memory.entries.count
        try await engine.review(cluster: "c")
        #expect(await world.memory.entries.count == entries, "nothing has changed, so nothing is written")
        world.clock.advance(.seconds(500))
        #expect(try await engine.review(cluster: "c") == [world.incident.id])
        #expect(await engine.plans[plan.plan.id]?.state == .awaiting)
        #expect(await engine.plans[plan.plan.id]?.gates.first { $0.gate == .policy }?.verdict == .inconclusive)
    }

    @Test func aWaitingPlanStopsWaitingWhenTheFreezeBegins() async throws {
        let world = frozenWorld()
        let engine = await world.engine()
        let plan = try #require(try await engine.propose(for: world.incident).first)
        world.clock.advance(.seconds(600))
        try await engine.review(cluster: "c")
        let shown = try #require(await engine.plans[plan.plan.id])
        #expect(shown.state == .proposed)
        #expect(shown.gates.count == 6)
        #expect(shown.gates.failed.map(\.gate) == [.policy])
    }

    @Test func nothingIsApprovedByPolicyUntilItEnds() async throws {
        let world = frozenWorld(.auto)
        let engine = await world.engine()
        world.clock.advance(.seconds(900))
        #expect(try await engine.propose(for: world.incident).map(\.state) == [.proposed])
        world.clock.advance(.seconds(300))
        #expect(try await engine.propose(for: world.incident).map(\.state) == [.approved])
    }

    @Test func whatWasApprovedButNotBegunIsStopped() async throws {
        let world = frozenWorld()
        let engine = await world.engine()
        let plan = try #require(try await engine.propose(for: world.incident).first)
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        world.clock.advance(.seconds(600))
        try await engine.execute(plan.plan.id)
        let stopped = try #require(await engine.plans[plan.plan.id])
        #expect(stopped.state == .failed)
        #expect(stopped.closedReason?.contains("frozen until") == true)
        #expect(world.workshop.log.isEmpty)
    }

    @Test func whatWasBegunIsVerifiedAndTakenBackWithinTheFreeze() async throws {
        var world = frozenWorld()
        world.level = 3  // not enough: the verification fails
        let engine = await world.engine()
        world.clock.advance(.seconds(590))
        let plan = try #require(try await world.repair(engine))
        #expect(plan.outcome == "rolled-back")
        let last = try #require(await world.memory.entries.last?.payload?["at"]?.string.flatMap { Timestamp($0) })
        #expect(world.policy.freeze(at: last) != nil, "the rollback ran within the freeze")
        #expect(world.workshop.level(world.path) == 1)
    }

    @Test func undoingIsAChangeToo() async throws {
        let world = frozenWorld()
        let engine = await world.engine()
        let plan = try #require(try await world.repair(engine))
        world.clock.advance(.seconds(600))
        let refused = await refusal { try await engine.undo(plan.plan.id, actor: "alice") }
        #expect(refused?.code == .refused)
        #expect(refused?.message.contains("frozen") == true)
        #expect(world.workshop.level(world.path) == 5)
    }

    @Test func ofSeveralTheOneThatEndsLastIsNamed() {
        var policy = Policy(environment: "prod", autonomy: .approve)
        let t = Timestamp(seconds: Int64(1_000))
        policy.freezes = [
            Freeze(from: t, until: t + .seconds(10), reason: "short"), Freeze(from: t, until: t + .seconds(90), reason: "long"),
        ]
        #expect(policy.freeze(at: t + .seconds(5))?.reason == "long")
        #expect(policy.freeze(at: t + .seconds(90)) == nil)
    }
}
