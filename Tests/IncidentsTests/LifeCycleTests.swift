import Core
import Journal
import MartletTesting
import Testing

@testable import Incidents

/// The ways from a fresh incident to each state, in entries.
enum Way: String, CaseIterable {
    case open, diagnosed, awaiting, acting, actedUpon, verifying, rollingBack, verifyingUndo, escalated, suppressed, resolved

    func go(_ loop: inout Loop) async throws {
        switch self {
        case .open: try await loop.see(undecided())
        case .diagnosed: try await loop.see(cause())
        case .awaiting:
            try await Way.diagnosed.go(&loop)
            try await loop.remedy(.planProposed, ["awaiting": true])
        case .acting:
            try await Way.awaiting.go(&loop)
            try await loop.remedy(.planApproved)
            try await loop.remedy(.operationStarted)
            try await loop.remedy(.stepIntended, ["step": 0, "inverse": false])
        case .actedUpon:
            try await Way.acting.go(&loop)
            try await loop.remedy(.stepDone, ["step": 0, "inverse": false])
        case .verifying:
            try await Way.actedUpon.go(&loop)
            try await loop.remedy(.verificationStarted, ["inverse": false, "window": 30])
        case .rollingBack:
            try await Way.verifying.go(&loop)
            try await loop.remedy(.verificationEnded, ["inverse": false, "verdict": "fail", "text": "it still crashes"])
            try await loop.remedy(.rollbackStarted, ["reason": "it still crashes"])
        case .verifyingUndo:
            try await Way.rollingBack.go(&loop)
            try await loop.remedy(.stepDone, ["step": 0, "inverse": true])
            try await loop.remedy(.verificationStarted, ["inverse": true])
        case .escalated:
            try await Way.diagnosed.go(&loop)
            try await loop.person(.escalate(reason: "no plan fits"))
        case .suppressed:
            try await Way.diagnosed.go(&loop)
            try await loop.person(.suppress(until: loop.now + .seconds(7200), reason: "maintenance"))
        case .resolved:
            try await Way.diagnosed.go(&loop)
            try await loop.person(.resolve(reason: "done"))
        }
    }

    var state: IncidentState {
        switch self {
        case .open: .open
        case .diagnosed: .diagnosed
        case .awaiting: .awaitingApproval
        case .acting, .actedUpon: .acting
        case .verifying: .verifying
        case .rollingBack, .verifyingUndo: .rollingBack
        case .escalated: .escalated
        case .suppressed: .suppressed
        case .resolved: .resolved
        }
    }
}

@Suite struct LifeCycle {
    @Test(arguments: Way.allCases) func everyStateIsReached(_ way: Way) async throws {
        var loop = Loop()
        try await way.go(&loop)
        #expect(loop.state() == way.state)
    }

    @Test func theWholePath() async throws {
        var loop = Loop()
        try await Way.verifying.go(&loop)
        try await loop.remedy(.verificationEnded, ["inverse": false, "verdict": "pass", "text": "ready for 30 s, no restart"])
        #expect(loop.states() == [.open, .diagnosed, .awaitingApproval, .acting, .verifying, .resolved])
        let incident = try #require(loop.board.incident(number: 1))
        #expect(incident.outcome == "repaired" && incident.resolvedAt != nil && incident.plans == ["PLAN"])
        try await loop.remedy(.operationEnded, ["outcome": "repaired"])
        #expect(loop.state() == .resolved)
        #expect(
            loop.board.incident(number: 1)?.timeline.map(\.text).suffix(3) == [
                "Verification: pass: ready for 30 s, no restart", "Resolved: repaired: ready for 30 s, no restart",
                "The operation ended: repaired",
            ])
    }

    /// INTERFACES section 2, line by line: from a state, an entry, the state after it.
    static let lines: [(Way, EntryType, JSON, IncidentState)] = [
        (.awaiting, .planClosed, ["state": "rejected"], .diagnosed),
        (.awaiting, .planClosed, ["state": "expired"], .diagnosed), (.awaiting, .planClosed, ["state": "void"], .diagnosed),
        (.verifying, .verificationEnded, ["verdict": "fail"], .verifying), (.verifying, .rollbackStarted, [:], .rollingBack),
        (.verifyingUndo, .verificationEnded, ["verdict": "pass", "inverse": true], .escalated),
        (.verifyingUndo, .verificationEnded, ["verdict": "fail", "inverse": true], .escalated),
        (.verifyingUndo, .verificationEnded, ["verdict": "inconclusive", "inverse": true], .escalated),
        (.rollingBack, .stepFailed, ["inverse": true, "error": "409"], .escalated),
        (.verifying, .verificationEnded, ["verdict": "inconclusive", "text": "no error rate"], .escalated),
        (.verifying, .verificationEnded, ["verdict": "pass"], .resolved), (.verifying, .operationEnded, ["outcome": "repaired"], .resolved),
        (.acting, .stepFailed, ["error": "403"], .escalated), (.actedUpon, .stepFailed, ["error": "403"], .acting),
        (.actedUpon, .rollbackStarted, [:], .rollingBack), (.acting, .operationEnded, ["outcome": "failed"], .escalated),
        (.acting, .stepFailed, ["error": "no answer", "uncertain": true], .escalated), (.escalated, .operationStarted, [:], .acting),
        (.diagnosed, .planProposed, ["awaiting": false], .diagnosed), (.diagnosed, .planProposed, ["awaiting": true], .awaitingApproval),
        (.diagnosed, .planChecked, ["awaiting": true], .awaitingApproval), (.awaiting, .planChecked, ["awaiting": false], .diagnosed),
        (.awaiting, .planChecked, ["awaiting": true], .awaitingApproval), (.escalated, .planChecked, ["awaiting": true], .escalated),
        (.diagnosed, .operationStarted, [:], .acting), (.escalated, .planProposed, ["awaiting": true], .escalated),
        (.awaiting, .planApproved, [:], .awaitingApproval), (.resolved, .operationStarted, [:], .resolved),
        (.suppressed, .operationStarted, [:], .suppressed), (.rollingBack, .verificationStarted, ["inverse": true], .rollingBack),
    ]

    @Test(arguments: lines)
    func table(_ way: Way, _ type: EntryType, _ payload: JSON, _ after: IncidentState) async throws {
        var loop = Loop()
        try await way.go(&loop)
        try await loop.remedy(type, payload)
        #expect(loop.state() == after)
    }

    @Test(arguments: Way.allCases) func whatAPersonMayDo(_ way: Way) async throws {
        var begun = Loop()
        try await way.go(&begun)
        let start = begun
        let idle: Set<IncidentState> = [.open, .diagnosed, .awaitingApproval, .escalated]
        func allows(_ command: IncidentCommand, _ after: IncidentState) async throws -> Bool {
            var loop = start
            do { try await loop.person(command) } catch let error as MartletError {
                #expect(error.code == .conflict)
                return false
            }
            #expect(loop.state() == after)
            return true
        }
        let state = way.state
        #expect(try await allows(.resolve(reason: "r"), .resolved) == (idle.contains(state) || state == .suppressed))
        #expect(
            try await allows(.suppress(until: start.now + .seconds(60), reason: "r"), .suppressed)
                == (idle.contains(state) || state == .suppressed))
        #expect(try await allows(.unsuppress(reason: "r"), .diagnosed) == (state == .suppressed))
        #expect(try await allows(.acknowledge, state) == (state != .resolved))
        #expect(try await allows(.assign(to: "ben"), state))
    }

    @Test func commandsAreChecked() async throws {
        var loop = Loop()
        try await loop.see(cause())
        func code(_ command: IncidentCommand, _ id: String? = nil) -> MartletError.Code? {
            do {
                _ = try loop.board.entry(for: command, on: id ?? loop.board.incidents[0].id, actor: "ana", at: loop.now)
                return nil
            } catch { return error.code }
        }
        #expect(code(.acknowledge, "nobody") == .notFound)
        #expect(code(.resolve(reason: " ")) == .invalid)
        #expect(code(.suppress(until: loop.now, reason: "r")) == .invalid)
        try await loop.person(.acknowledge)
        try await loop.person(.assign(to: "ben"))
        #expect(loop.board.incidents[0].acknowledgedBy == "ana" && loop.board.incidents[0].assignee == "ben")
        try await loop.person(.assign(to: ""))
        #expect(loop.board.incidents[0].assignee == nil)
    }

    /// Killed between an entry and what follows from it: the start finds what is owed.
    @Test func followUpsThatAreOwedSurviveARestart() async throws {
        var loop = Loop()
        try await Way.verifying.go(&loop)
        let id = try #require(loop.board.incident(number: 1)?.id)
        try await loop.journal.append([
            NewEntry(
                type: .verificationEnded, cluster: "eu-1", environment: "prod", subject: "PLAN", actor: "martlet",
                payload: ["incident": .string(id), "inverse": false, "verdict": "inconclusive", "text": "no traffic"])
        ])
        var board = IncidentBoard()
        board.apply(await loop.journal.entries)
        let owed = board.pendingFollowUps(cluster: "eu-1", at: loop.now)
        #expect(owed.map(\.type) == [.incidentEscalated])
        #expect(owed.first?.payload["reason"]?.string == "the verification is inconclusive: no traffic")
        board.apply(try await loop.journal.append(owed))
        #expect(board[id]?.state == .escalated && board.pendingFollowUps(cluster: "eu-1", at: loop.now).isEmpty)
        #expect(board.pendingFollowUps(cluster: "other", at: loop.now).isEmpty)
    }

    @Test func theIncidentWaitsAsLongAsAPlanMayBeApproved() async throws {
        var loop = Loop()
        try await loop.see(cause())
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "A")
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "B")
        try await loop.remedy(.planClosed, ["state": "void"], plan: "B")
        #expect(loop.state() == .awaitingApproval)
        try await loop.remedy(.planClosed, ["state": "rejected"], plan: "A")
        #expect(loop.state() == .diagnosed)
    }

    /// Who was told that an incident waits is not told again for each of its plans.
    @Test func aWaitLastsWhileItsPlansAreReplaced() async throws {
        var loop = Loop()
        try await loop.see(cause())
        func waits() -> Int { loop.board.incidents[0].approvalWaits.beginnings.count }
        try await loop.remedy(.planProposed, ["awaiting": false], plan: "0")
        #expect(waits() == 0)
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "A")
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "B")
        try await loop.remedy(.planChecked, ["awaiting": false], plan: "A")
        try await loop.remedy(.planChecked, ["awaiting": true], plan: "A")
        for plan in ["A", "B"] { try await loop.remedy(.planClosed, ["state": "void"], plan: plan) }
        loop.clock.advance(by: .seconds(20))
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "C")
        #expect(waits() == 1)
        // Nothing to approve for long, or somebody who decided: what comes then is news.
        try await loop.remedy(.planClosed, ["state": "expired"], plan: "C")
        loop.clock.advance(by: .seconds(900))
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "D")
        #expect(waits() == 2)
        try await loop.remedy(.planClosed, ["state": "rejected"], plan: "D")
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "E")
        #expect(waits() == 3)
        try await loop.remedy(.operationStarted, plan: "E")
        try await loop.remedy(.operationEnded, ["outcome": "failed"], plan: "E")
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "F")
        #expect(loop.state() == .escalated && waits() == 4)
        try await loop.person(.resolve(reason: "done"))
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "G")
        #expect(waits() == 4)
        let last = try #require(loop.board.incidents[0].approvalWaits.beginnings.last)
        #expect(loop.board.incidents[0].beganToWait(with: last) && !loop.board.incidents[0].beganToWait(with: last + 1))
    }

    /// The number of an incident whose payload is gone is not given to another.
    @Test func aNumberIsGivenOnce() async throws {
        var loop = Loop()
        try await loop.see(cause())
        try await loop.person(.resolve(reason: "done"))
        var replayed = IncidentBoard()
        for var entry in await loop.journal.entries {
            if entry.type == .incidentOpened { entry.payload = nil }
            replayed.apply(entry)
        }
        #expect(replayed.incidents.isEmpty && replayed.lastNumber == 1)
    }

    @Test func plansThatCloseBecauseAnotherRunsDoNotDisturbIt() async throws {
        var loop = Loop()
        try await loop.see(cause())
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "A")
        try await loop.remedy(.planProposed, ["awaiting": true], plan: "B")
        try await loop.remedy(.operationStarted, plan: "A")
        try await loop.remedy(.planClosed, ["state": "void"], plan: "B")
        #expect(loop.state() == .acting && loop.board.incidents[0].awaitingPlans.isEmpty)
    }

    /// What takes an operation back repairs nothing, even when it is verified.
    @Test func anUndoEndsWithAPerson() async throws {
        var loop = Loop()
        try await Way.verifying.go(&loop)
        try await loop.remedy(.verificationEnded, ["inverse": false, "verdict": "inconclusive"])
        try await loop.remedy(.planProposed, ["awaiting": true, "undoes": "PLAN"], plan: "UNDO")
        #expect(loop.state() == .escalated)
        try await loop.remedy(.operationStarted, plan: "UNDO")
        try await loop.remedy(.stepDone, ["step": 0, "inverse": false], plan: "UNDO")
        try await loop.remedy(.verificationStarted, ["inverse": false], plan: "UNDO")
        #expect(loop.state() == .verifying)
        try await loop.remedy(.verificationEnded, ["inverse": false, "verdict": "pass"], plan: "UNDO")
        #expect(loop.state() == .escalated)
    }
}
