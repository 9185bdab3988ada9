import Core
import Journal
import MartletTesting
import Testing

@testable import Incidents

/// What mostly passes by itself is given the time that it takes.
@Suite struct PendingTests {
    private func lost(_ seconds: Int = 360) -> Cause {
        var lost = cause("node-not-ready", in: "worker-2", findings: ["node-condition"])
        lost.patience = .seconds(seconds)
        return lost
    }

    @Test func whatLastsOpensWhenItsTimeIsOver() async throws {
        var loop = Loop()
        #expect(try await loop.see(lost()) == [])
        #expect(try await loop.see(lost(), after: 359) == [])
        #expect(try await loop.see(lost(), after: 1) == [.incidentOpened, .incidentDiagnosed])
    }

    @Test func whatPassesOpensNothing() async throws {
        var loop = Loop()
        for _ in 1...20 {
            #expect(try await loop.see(lost()) == [])
            #expect(try await loop.see(after: 200) == [])
            #expect(try await loop.see(after: 1800) == [])
        }
        #expect(loop.board.incidents.isEmpty)
    }

    /// An hour of a minute and a minute without is one incident, for as long as it goes on.
    @Test(arguments: [0, 60, 120]) func whatComesAndGoesIsOneIncident(_ patience: Int) async throws {
        var loop = Loop()
        for _ in 1...30 {
            try await loop.see(lost(patience))
            try await loop.see(after: 60)
            try await loop.see(lost(patience), after: 60)
        }
        #expect(loop.board.incidents.map(\.number) == [1])
        #expect(loop.state() == .diagnosed)
        try await loop.see()
        #expect(try await loop.see(after: 300) == [.incidentResolved])
        #expect(loop.board.incidents[0].reopened == 0)
    }

    @Test func whatIsKnownToLastAndWhatDeepensKeepsTheTimeOfItsFindings() async throws {
        var loop = Loop()
        try await loop.see(lost())
        var other = cause("node-network-not-ready", in: "worker-2", findings: ["node-condition", "pods-on-bad-node"])
        other.patience = .seconds(360)
        #expect(try await loop.see(other, after: 300) == [])
        #expect(try await loop.see(other, after: 60) == [.incidentOpened, .incidentDiagnosed])
        // Part of an incident from the start: nothing waits there.
        #expect(try await loop.see(lost(900), after: 1) == [.incidentDiagnosed])
    }

    @Test func whatNobodyLookedAtDoesNotCount() async throws {
        var loop = Loop()
        try await loop.see(lost())
        loop.clock.advance(by: .seconds(3600))
        #expect(try await loop.see(lost()) == [])
        #expect(try await loop.see(lost(), after: 360) == [.incidentOpened, .incidentDiagnosed])
    }

    @Test func whatWaitsDoesNotHoldUpTheRest() async throws {
        var loop = Loop()
        #expect(try await loop.see(lost(), cause()) == [.incidentOpened, .incidentDiagnosed])
        #expect(loop.board.incidents.map(\.cause.category) == ["missing-env"])
    }

    /// An incident that ended and shows again waits like a new one before it is taken up again.
    @Test func aRelapseIsGivenTheSameTime() async throws {
        var loop = Loop()
        try await loop.see(lost(60))
        #expect(try await loop.see(lost(60), after: 60) == [.incidentOpened, .incidentDiagnosed])
        try await loop.see()
        #expect(try await loop.see(after: 300) == [.incidentResolved])
        #expect(try await loop.see(lost(60), after: 300) == [])
        #expect(try await loop.see(lost(60), after: 60) == [.incidentReopened, .incidentDiagnosed])
    }
}
