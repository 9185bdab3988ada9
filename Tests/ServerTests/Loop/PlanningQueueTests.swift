import Core
import Incidents
import Journal
import Remediation
import Testing

@testable import Server

@Suite struct PlanningQueueTests {
    private let backend = ScriptedBackend(clock: SettableClock())

    private func due(_ queue: inout PlanningQueue, after seconds: Int) async -> [String] {
        let boards = await backend.folds
        return queue.due(boards.incidents.incidents, plans: boards.plans, at: backend.clock.now() + .seconds(seconds))
    }

    private func queue(gates: [GateResult], awaiting: Bool) async throws -> PlanningQueue {
        let cause = Story.cause(at: backend.clock.now())
        try await backend.play(.incidentOpened, Story.incident, ["number": 12, "cause": cause.json])
        try await backend.play(.incidentDiagnosed, Story.incident, ["cause": cause.json])
        var queue = PlanningQueue()
        #expect(await due(&queue, after: 0) == [Story.incident])
        #expect(await due(&queue, after: 1) == [], "asked for already")
        try await Story.propose(backend, gates: gates, awaiting: awaiting)
        return queue
    }

    @Test func aPlanThatWaitsForAPersonIsEnough() async throws {
        var queue = try await queue(gates: Story.gates, awaiting: true)
        #expect(await due(&queue, after: 3600) == [])
    }

    @Test func aPlanThatIsOnlyShownIsEnough() async throws {
        var queue = try await queue(gates: Story.gates, awaiting: false)
        #expect(await due(&queue, after: 3600) == [])
    }

    @Test func aPlanWhoseGateHasFailedIsNotAndOthersAreLookedForAgain() async throws {
        let failed = Story.gates.dropLast() + [GateResult(.rehearsal, .fail, "on the twin: 0 of 3 ready after 300 s")]
        var queue = try await queue(gates: Array(failed), awaiting: false)
        #expect(await due(&queue, after: 59) == [], "not at once")
        #expect(await due(&queue, after: 60) == [Story.incident])
        #expect(await due(&queue, after: 61) == [])
        #expect(await due(&queue, after: 120) == [Story.incident])
    }

    /// Somebody who has waited long for a plan, and got one, is given as much time again when it is gone.
    @Test func patienceBeginsAnewAfterAPlan() {
        var queue = PlanningQueue()
        let now = backend.clock.now()
        let first = queue.isHopeless(Story.incident, at: now)
        queue.succeeded(Story.incident)
        let later = queue.isHopeless(Story.incident, at: now + .seconds(3600))
        let end = queue.isHopeless(Story.incident, at: now + .seconds(3616))
        #expect([first, later, end] == [false, false, true])
    }
}
