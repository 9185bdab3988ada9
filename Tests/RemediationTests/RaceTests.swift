import Core
import Journal
import Remediation
import Synchronization
import Testing

/// What happens at the same time: the engine gives way whenever it waits, and others decide meanwhile.
@Suite struct Races {
    /// Something that a test does at a moment which it could not reach from outside; once.
    private final class Moment: Sendable {
        private let body = Mutex<(@Sendable () async throws -> Void)?>(nil)
        func set(_ new: @escaping @Sendable () async throws -> Void) { body.withLock { $0 = new } }
        func pass() async throws {
            let now = body.withLock { body in
                defer { body = nil }
                return body
            }
            try await now?()
        }
    }

    private struct GateWithMoment: GateCheck {
        let gate = GateResult.Gate.drift
        let isCheckedAgain = false
        let moment: Moment
        func check(_ plan: Plan, in context: GateContext) async -> GateResult {
            do { try await moment.pass() } catch { return GateResult(gate, .fail, "\(error)") }
            return GateResult(gate, .pass, "as the test says")
        }
    }

    private struct JournalWithMoment: JournalAppending {
        let base: MemoryJournal
        let type: EntryType
        let moment: Moment
        func append(_ entries: [NewEntry]) async throws -> [RecordedEntry] {
            let recorded = try await base.append(entries)
            if entries.contains(where: { $0.type == type }) { try await moment.pass() }
            return recorded
        }
    }

    private func engine(
        _ world: World, journal: (any JournalAppending)? = nil, objection: @escaping @Sendable (String) async -> String? = { _ in nil }
    ) -> OperationEngine {
        let hands = Hands(workshop: world.workshop, clock: world.clock, kill: KillSwitch())
        let site = Site(
            cluster: "c", catalogue: ActionCatalogue(world.actions), gates: world.gates, runner: hands, vitals: hands, clock: world.clock)
        return OperationEngine(
            journal: journal ?? world.memory, sites: [site], policies: [world.policy], generator: SeededGenerator(seed: 1),
            objection: objection)
    }

    @Test func anOperationThatBeganWhileNewPlansWereCheckedIsNotMadeVoid() async throws {
        var world = World()
        let moment = Moment()
        world.gates =
            [GateWithMoment(moment: moment)] + GateResult.Gate.allCases.filter { $0 != .drift }.map { FixedGate(gate: $0, verdict: .pass) }
        let engine = engine(world)
        let first = try #require(try await engine.propose(for: world.incident).first)
        world.level = 6  // the diagnosis asks for more now: another plan, which makes the first void
        moment.set { _ = try await engine.approve(first.plan.id, digest: first.digest, actor: "alice") }
        try await engine.propose(for: world.incident)
        try await engine.execute(first.plan.id)
        #expect(await engine.plans[first.plan.id]?.outcome == "repaired")
        #expect(await engine.plans.plans.count == 1, "no second plan while one is carried out")
        #expect(world.workshop.log.map(\.level) == [5])
    }

    @Test func aClosingThatComesTooLateChangesNothing() async throws {
        let world = World()
        let done = try #require(try await world.repair(await world.engine()))
        var board = PlanBoard(replaying: await world.memory.entries)
        let late = try await world.memory.append([
            NewEntry(
                type: .planClosed, cluster: "c", environment: "demo", subject: done.plan.id, actor: "martlet",
                payload: ["incident": .string(done.incident), "state": "void", "reason": "too late"])
        ])
        board.apply(late[0])
        #expect(board[done.plan.id]?.state == .done)
    }

    @Test func rejectingAndApprovingAtOnceIsOneOfThem() async throws {
        let world = World()
        let moment = Moment()
        let engine = engine(world, journal: JournalWithMoment(base: world.memory, type: .planClosed, moment: moment))
        let plan = try #require(try await engine.propose(for: world.incident).first)
        let outcome = Mutex<MartletError.Code?>(nil)
        moment.set {
            do { _ = try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice") } catch let error as MartletError {
                outcome.withLock { $0 = error.code }
            }
        }
        try await engine.reject(plan.plan.id, actor: "ben", reason: "no")
        #expect(outcome.withLock { $0 } == .conflict)
        #expect(await engine.plans[plan.plan.id]?.state == .rejected)
    }

    @Test func aPauseHoldsAWriteThatWasOnlyAnnounced() async throws {
        let world = World()
        let moment = Moment()
        let engine = engine(world, journal: JournalWithMoment(base: world.memory, type: .stepIntended, moment: moment))
        let plan = try #require(try await engine.propose(for: world.incident).first)
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        moment.set { try await engine.pause(actor: "ben", reason: "stop") }
        try await engine.execute(plan.plan.id)
        #expect(world.workshop.log.isEmpty)
        try await engine.unpause(actor: "ben")
        try await engine.execute(plan.plan.id)
        #expect(world.workshop.log.count == 1)
        #expect(await engine.plans[plan.plan.id]?.outcome == "repaired")
    }

    @Test func aPlanOfAnIncidentThatIsOverCannotBeApproved() async throws {
        let world = World()
        let over = Mutex(false)
        let isOver: @Sendable (String) async -> String? = { _ in over.withLock { $0 } ? "INC-12 is suppressed" : nil }
        let engine = engine(world, objection: isOver)
        let plan = try #require(try await engine.propose(for: world.incident).first)
        over.withLock { $0 = true }
        let error = await #expect(throws: MartletError.self) {
            try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        }
        #expect(error?.code == .refused && error?.message.contains("INC-12 is suppressed") == true)
        #expect(await engine.plans[plan.plan.id]?.state == .void)
        #expect(try await engine.propose(for: world.incident).isEmpty)
    }

    @Test func plansOfAnIncidentThatIsOverAreClosedAndApprovedOnesDoNotStart() async throws {
        let world = World()
        let over = Mutex(false)
        let isOver: @Sendable (String) async -> String? = { _ in over.withLock { $0 } ? "INC-12 is resolved" : nil }
        let open = engine(world, objection: isOver)
        let plan = try #require(try await open.propose(for: world.incident).first)
        over.withLock { $0 = true }
        try await open.closeUnwanted()
        #expect(await open.plans[plan.plan.id]?.closedReason == "INC-12 is resolved")
        over.withLock { $0 = false }
        let second = try #require(try await open.propose(for: world.incident).first)
        try await open.approve(second.plan.id, digest: second.digest, actor: "alice")
        over.withLock { $0 = true }
        try await open.execute(second.plan.id)
        #expect(await open.plans[second.plan.id]?.state == .void)
        #expect(world.workshop.log.isEmpty)
    }
}
