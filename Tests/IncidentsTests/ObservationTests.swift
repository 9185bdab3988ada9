import Core
import Journal
import MartletTesting
import Testing

@testable import Incidents

@Suite struct Observation {
    @Test func aHealthyClusterOpensNothing() async throws {
        var loop = Loop()
        #expect(try await loop.see() == [])
        #expect(try await loop.see(cause(isCurrent: false)) == [])
        #expect(loop.board.incidents.isEmpty)
    }

    @Test func oneProblemIsReportedOnce() async throws {
        var loop = Loop()
        #expect(try await loop.see(cause()) == [.incidentOpened, .incidentDiagnosed])
        for tick in 1...500 { #expect(try await loop.see(cause(text: "it exits with 1"), after: 1) == [], "tick \(tick)") }
        let incident = try #require(loop.board.incident(number: 1))
        #expect(incident.state == .diagnosed && incident.label == "INC-1" && ULID(incident.id) != nil)
    }

    @Test func numbersThatTickUpAreNoNews() async throws {
        var loop = Loop()
        try await loop.see(cause(text: "restarted 3 times in 40 s"))
        for tick in 4...100 { #expect(try await loop.see(cause(text: "restarted \(tick) times in \(tick * 10) s"), after: 10) == []) }
    }

    @Test(arguments: [
        (cause("bad-config"), true), (cause(confidence: 0.95), true), (cause(confidence: 0.93), false), (cause(severity: .critical), true),
        (cause(severity: .low), false),
        (cause(text: "it exits with a message"), true), (cause(findings: ["crash-loop", "not-ready"]), true), (cause(findings: []), false),
        (undecided(), true),
    ])
    func whatIsNews(_ new: Cause, _ isNews: Bool) async throws {
        var loop = Loop()
        try await loop.see(cause())
        let written = try await loop.see(new, after: 5)
        #expect(written.contains(.incidentDiagnosed) == isNews)
        #expect(try await loop.see(new, after: 5) == [], "and only once")
        #expect(loop.board.incidents.count == 1)
    }

    @Test func aChangeThatBecomesKnownIsNews() async throws {
        var loop = Loop()
        try await loop.see(cause())
        var known = cause()
        known.change = Change(
            time: loop.now, kind: "rollout", entity: known.resource, revision: "7", author: nil,
            fields: [FieldChange(path: "spec.replicas", from: .null, to: 0)], source: "replicasets")
        #expect(try await loop.see(known, after: 1) == [.incidentDiagnosed])
        known.change?.time = loop.now
        known.change?.author = "ben"
        #expect(try await loop.see(known, after: 1) == [])
        known.facts = ["memoryNeeded": 1000]
        #expect(try await loop.see(known, after: 1) == [.incidentDiagnosed])
        known.facts = ["memoryNeeded": 1050]
        #expect(try await loop.see(known, after: 1) == [])
        known.facts = ["memoryNeeded": 1200]
        #expect(try await loop.see(known, after: 1) == [.incidentDiagnosed])
    }

    /// An early crash that turns out to be a missing dependency stays one incident (INTERFACES section 1).
    @Test func aSharedFindingKeepsTheIncidentWhateverTheCategory() async throws {
        var loop = Loop()
        try await loop.see(cause("app-crash"))
        try await loop.see(cause("dependency-missing", in: "checkout", findings: ["crash-loop", "peer-refused"]), after: 20)
        var moved = cause("scaled-to-zero", in: "payments", findings: [])
        moved.findings = cause(findings: ["peer-refused"]).findings
        try await loop.see(moved, after: 20)
        #expect(loop.board.incidents.map(\.cause.resource.name) == ["payments"])
        #expect(loop.board.incidents[0].timeline.map(\.type) == ["incident.opened"] + Array(repeating: "incident.diagnosed", count: 3))
    }

    @Test func undecidedWaitsAMomentThenAsksAPerson() async throws {
        var loop = Loop()
        #expect(try await loop.see(undecided()) == [.incidentOpened])
        #expect(try await loop.see(undecided(), after: 20) == [])
        #expect(try await loop.see(undecided(), after: 10) == [.incidentDiagnosed, .incidentEscalated])
        #expect(loop.board.incidents[0].escalationReason == "the cause is undecided: logs may not be read")
        #expect(try await loop.see(undecided(), after: 10) == [])
        #expect(try await loop.see(cause(), after: 10) == [.incidentDiagnosed])
        #expect(loop.states() == [.open, .diagnosed, .escalated, .diagnosed])
        #expect(try await loop.see(undecided(), after: 10) == [.incidentDiagnosed, .incidentEscalated])
    }

    @Test func aFreshOneThatIsDecidedInTimeAsksNobody() async throws {
        var loop = Loop()
        try await loop.see(undecided())
        #expect(try await loop.see(cause(), after: 5) == [.incidentDiagnosed])
        #expect(loop.states() == [.open, .diagnosed])
    }

    @Test func anEscalationForAnotherReasonStays() async throws {
        var loop = Loop()
        try await Way.escalated.go(&loop)
        #expect(try await loop.see(cause("bad-config"), after: 5) == [.incidentDiagnosed])
        #expect(loop.state() == .escalated)
    }

    // MARK: Ends

    @Test(arguments: [Way.open, .diagnosed, .awaiting, .escalated])
    func goneForTheWindowMeansResolved(_ way: Way) async throws {
        var loop = Loop()
        try await way.go(&loop)
        #expect(try await loop.see(after: 1) == [])
        #expect(try await loop.see(after: 299) == [])
        #expect(try await loop.see(after: 1) == [.incidentResolved])
        #expect(loop.board.incidents[0].outcome == "self")
    }

    @Test func aFindingInBetweenStartsTheWindowAgain() async throws {
        var loop = Loop()
        try await loop.see(cause())
        for _ in 1...5 {
            #expect(try await loop.see(after: 299) == [])
            #expect(try await loop.see(cause(), after: 1) == [])
        }
    }

    @Test(arguments: [Way.acting, .actedUpon, .verifying, .rollingBack, .verifyingUndo])
    func anOperationIsNotEndedByNotSeeing(_ way: Way) async throws {
        var loop = Loop()
        try await way.go(&loop)
        for _ in 1...5 { #expect(try await loop.see(after: 200) == []) }
        #expect(try await loop.see(cause("bad-config"), after: 1) == [], "nor does a diagnosis disturb its record")
    }

    /// Time in which Martlet slept, or could not see, is no time in which the findings were gone.
    @Test func whatNobodyLookedAtIsNotGone() async throws {
        var loop = Loop()
        try await loop.see(cause())
        #expect(try await loop.see(after: 1) == [])
        loop.clock.advance(by: .seconds(600))
        #expect(try await loop.see(after: 0) == [], "one look after a sleep closes nothing")
        #expect(try await loop.see(after: 200, isComplete: false) == [])
        #expect(try await loop.see(after: 0) == [])
        #expect(try await loop.see(after: 299) == [], "sight was lost meanwhile: the window starts again")
        #expect(try await loop.see(after: 1) == [.incidentResolved])
    }

    /// Martlet was not allowed to see pods, and is now: what explains the trouble belongs to the incident that it had opened.
    @Test func anUnexplainedIncidentTakesTheCauseThatIsFoundLater() async throws {
        var loop = Loop()
        try await loop.see(undecided(["not-ready"]))
        let other = cause("bad-config", in: "search", findings: ["crash-loop"])
        #expect(
            try await loop.see(other, undecided(["not-ready"]), after: 60) == [
                .incidentDiagnosed, .incidentEscalated, .incidentOpened, .incidentDiagnosed,
            ])
        #expect(try await loop.see(cause(findings: ["crash-loop"]), other, after: 10) == [.incidentDiagnosed])
        #expect(loop.board.incidents.map(\.number) == [1, 2])
        #expect(loop.board.incidents[0].cause.category == "missing-env")
        #expect(loop.board.incidents[0].cause.resource.name == "checkout")
    }

    @Test func whatCouldNotBeReadIsNotGone() async throws {
        var loop = Loop()
        try await loop.see(cause())
        for _ in 1...10 { #expect(try await loop.see(after: 100, isComplete: false) == []) }
    }

    @Test func aClockThatJumpsBackOnlyDelays() async throws {
        var loop = Loop()
        try await loop.see(cause())
        try await loop.see(after: 200)
        #expect(try await loop.see(after: -7200) == [])
        #expect(try await loop.see(after: 300) == [.incidentResolved])
    }

    @Test func itComesBackWithinHalfAnHourAndLater() async throws {
        var loop = Loop()
        try await loop.see(cause())
        try await loop.see(after: 1)
        try await loop.see(after: 300)
        #expect(try await loop.see(cause(), after: 1799) == [.incidentReopened, .incidentDiagnosed])
        #expect(loop.board.incidents.map(\.reopened) == [1] && loop.state() == .diagnosed && loop.board.incidents[0].outcome == nil)
        try await loop.see(after: 1)
        try await loop.see(after: 300)
        #expect(try await loop.see(cause(), after: 1800) == [.incidentOpened, .incidentDiagnosed])
        #expect(loop.board.incidents.map(\.number) == [1, 2])
        #expect(loop.board.incidents[1].previous == loop.board.incidents[0].id)
    }

    /// Findings lag behind a repair: seeing them a little longer is no relapse.
    @Test func afterglowIsNoRelapse() async throws {
        var loop = Loop()
        try await Way.verifying.go(&loop)
        try await loop.remedy(.verificationEnded, ["inverse": false, "verdict": "pass"])
        #expect(try await loop.see(cause(), after: 10) == [])
        #expect(try await loop.see(after: 10) == [])
        #expect(try await loop.see(cause(), after: 10) == [.incidentReopened, .incidentDiagnosed], "gone, then back")
    }

    @Test func whatDoesNotGoAfterAManualEndIsReopened() async throws {
        var loop = Loop()
        try await Way.resolved.go(&loop)
        #expect(try await loop.see(cause(), after: 299) == [])
        #expect(try await loop.see(cause(), after: 1) == [.incidentReopened, .incidentDiagnosed])
    }

    @Test func suppressionEnds() async throws {
        var loop = Loop()
        try await Way.suppressed.go(&loop)
        #expect(loop.board.incidents[0].suppressionReason == "maintenance")
        #expect(try await loop.see(cause("bad-config"), after: 7000) == [])
        #expect(try await loop.see(cause(), after: 200) == [.incidentUnsuppressed])
        #expect(loop.state() == .diagnosed && loop.board.incidents[0].suppressedUntil == nil)
    }

    @Test func suppressionEndsAlsoForWhatIsGone() async throws {
        var loop = Loop()
        try await Way.suppressed.go(&loop)
        #expect(try await loop.see(after: 600) == [])
        #expect(try await loop.see(after: 6600) == [.incidentUnsuppressed])
        #expect(try await loop.see(after: 1) == [.incidentResolved])
    }

    // MARK: Several

    @Test func twoProblemsAreTwoIncidents() async throws {
        var loop = Loop()
        try await loop.see(cause(), cause("image-not-found", in: "search", findings: ["image-pull"]))
        #expect(loop.board.incidents.map(\.cause.resource.name) == ["checkout", "search"])
        #expect(try await loop.see(cause("image-not-found", in: "search", findings: ["image-pull"]), cause(), after: 1) == [])
    }

    @Test func causesOfOneFindingAreOneIncident() async throws {
        var loop = Loop()
        for _ in 1...3 { try await loop.see(cause(), cause("bad-config"), after: 1) }
        #expect(loop.board.incidents.count == 1)
        #expect(loop.board.incidents[0].timeline.count == 2)
    }

    @Test func incidentsThatTurnOutToBeOneAreMergedIntoTheOlder() async throws {
        var loop = Loop()
        let a = cause(), b = cause("image-not-found", in: "search", findings: ["image-pull"])
        try await loop.see(a, b)
        var both = b
        both.findings = a.findings + b.findings
        #expect(try await loop.see(both, after: 5) == [.incidentResolved, .incidentDiagnosed])
        #expect(loop.board.incidents.map(\.state) == [.diagnosed, .resolved])
        #expect(loop.board.incidents[1].outcome == "merged" && loop.board.incidents[1].mergedInto == loop.board.incidents[0].id)
        #expect(try await loop.see(both, after: 5) == [])
    }

    @Test func anIncidentThatTurnsOutToBeTwoIsSplitOnce() async throws {
        var loop = Loop()
        var both = cause()
        both.findings += cause("image-not-found", in: "search", findings: ["image-pull"]).findings
        try await loop.see(both)
        let parts = [cause(), cause("image-not-found", in: "search", findings: ["image-pull"])]
        #expect(Set(try await loop.see(parts)) == [.incidentOpened, .incidentDiagnosed])
        for _ in 1...5 { #expect(try await loop.see(parts) == []) }
        #expect(loop.board.incidents.map(\.state) == [.diagnosed, .diagnosed])
    }

    @Test func clustersAreApart() async throws {
        var loop = Loop()
        try await loop.see(cause())
        let other = loop.board.observe(
            [], cluster: "us-1", environment: "prod", at: loop.now + .seconds(9000), absences: &loop.absences, pending: &loop.pending,
            using: &loop.generator)
        #expect(other.isEmpty)
    }

    @Test func incidentsAreFoundByWhatPeopleCallThem() async throws {
        var loop = Loop()
        try await loop.see(cause(), cause("image-not-found", in: "search", findings: ["image-pull"], severity: .low))
        let id = loop.board.incidents[1].id
        for name in ["2", "#2", "INC-2", "inc-2", id, id.lowercased()] { #expect(loop.board.incident(named: name)?.number == 2) }
        for name in ["", "3", "x", "INC-"] { #expect(loop.board.incident(named: name) == nil) }
        func numbers(_ change: (inout IncidentQuery) -> Void) -> [Int] {
            var query = IncidentQuery()
            change(&query)
            return loop.board.incidents(matching: query).map(\.number)
        }
        #expect(numbers { _ in } == [2, 1])
        #expect(numbers { $0.text = "SEARCH image" } == [2])
        #expect(numbers { $0.text = "search nothing" } == [])
        #expect(numbers { $0.severities = [.high] } == [1])
        #expect(numbers { $0.states = [.resolved] } == [])
        #expect(
            numbers {
                $0.environments = ["prod"]; $0.limit = 1
            } == [2])
        #expect(numbers { $0.before = 2 } == [1])
        #expect(numbers { $0.categories = ["missing-env"] } == [1])
        #expect(loop.board.needingAttention.map(\.number) == [1, 2])
    }
}
