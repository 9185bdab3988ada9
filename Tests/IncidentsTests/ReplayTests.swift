import Core
import Journal
import MartletTesting
import Testing

@testable import Incidents

/// The state of an incident is a fold over the journal and nothing else (DESIGN section 1).
@Suite struct Replay {
    @Test(arguments: 1...20) func foldOfTheJournalIsTheLiveBoard(_ seed: Int) async throws {
        var loop = Loop()
        var random = SeededGenerator(seed: UInt64(seed))
        let names = ["checkout", "search", "cart"], categories = ["missing-env", "bad-config", Cause.undecidedCategory]
        let rules = ["crash-loop", "not-ready", "image-pull"]
        for _ in 0..<120 {
            loop.clock.advance(by: .seconds([1, 20, 200, 700, -30].randomElement(using: &random) ?? 1))
            if Bool.random(using: &random) {
                let causes = names.filter { _ in Int.random(in: 0..<3, using: &random) > 0 }.map { name in
                    cause(
                        categories.randomElement(using: &random) ?? "", in: name,
                        findings: rules.filter { _ in Bool.random(using: &random) }, confidence: random.unit())
                }
                try await loop.see(causes, isComplete: Int.random(in: 0..<5, using: &random) > 0)
            } else if let incident = loop.board.incidents.randomElement(using: &random) {
                let type = EntryType.allCases.filter { $0 != .incidentOpened }.randomElement(using: &random) ?? .stepDone
                try await loop.write([Replay.entry(type, incident, loop.now, &random)])
            }
            for incident in loop.board.incidents {
                #expect(incident.states.last?.state == incident.state)
                #expect(
                    (incident.state == .resolved) == (incident.resolvedAt != nil)
                        && (incident.outcome != nil) == (incident.state == .resolved))
                #expect(incident.due == nil, "what was owed was written")
            }
        }
        var replayed = IncidentBoard()
        replayed.apply(await loop.journal.entries)
        #expect(replayed.incidents == loop.board.incidents)
        #expect(replayed.lastNumber == loop.board.lastNumber)
        #expect(
            loop.board.incidents.map(\.number) == Array(1...max(1, loop.board.lastNumber)).prefix(loop.board.incidents.count).map { $0 })
        #expect(loop.board.incidents.flatMap(\.timeline).allSatisfy { !$0.text.isEmpty })
    }

    private static func entry(_ type: EntryType, _ incident: Incident, _ now: Timestamp, _ random: inout SeededGenerator) -> NewEntry {
        let verdict = Verdict.allCases.randomElement(using: &random) ?? .pass
        let payload: JSON = [
            "incident": .string(incident.id), "verdict": .string(verdict.rawValue), "inverse": .bool(.random(using: &random)),
            "awaiting": .bool(.random(using: &random)), "reason": "r", "outcome": "manual", "step": 0, "at": .string(now.description),
            "until": .string((now + .seconds(600)).description), "to": "ben", "cause": incident.cause.json,
        ]
        let subject = type.rawValue.hasPrefix("incident.") ? incident.id : "PLAN\(Int.random(in: 0..<2, using: &random))"
        return NewEntry(type: type, cluster: "eu-1", environment: "prod", subject: subject, actor: "ana", payload: payload)
    }

    @Test func entriesOfNobodyAndOfTheFutureChangeNothing() async throws {
        var loop = Loop()
        try await loop.see(cause())
        let before = loop.board.incidents
        try await loop.write([
            NewEntry(type: .incidentResolved, cluster: "eu-1", environment: "prod", subject: "nobody", actor: "ana"),
            NewEntry(type: .tokenCreated, cluster: "", environment: "", subject: "t", actor: "ana"),
        ])
        var future = try #require(await loop.journal.entries.last)
        future.entry.type = "incident.blessed"
        future.entry.subject = before[0].id
        loop.board.apply(future)
        future.entry.type = "incident.opened"
        future.payload = nil
        loop.board.apply(future)
        #expect(loop.board.incidents == before)
    }

    @Test func aCauseSurvivesTheJournal() throws {
        let original = cause(undecided: ["x"])
        #expect(Cause(json: original.json) == original)
    }
}
