import Core
import Foundation
import Testing

@testable import martlet

@Suite struct ServerClientTests {
    private static let cause: JSON = [
        "category": "missing-env", "resource": "k8s/demo/shop/Deployment/checkout", "severity": "critical", "confidence": 0.97,
        "title": "checkout does not start: PAYMENTS_URL is not set since revision 7",
        "cause": "the container exits with code 1 because PAYMENTS_URL is not set",
        "evidence": [["kind": "log", "source": "logs/checkout", "text": "fatal: \u{1B}[31mPAYMENTS_URL is empty"]],
        "change": [
            "kind": "rollout", "entity": "k8s/demo/shop/Deployment/checkout", "revision": "7", "source": "replicasets",
            "fields": [["path": "env[PAYMENTS_URL]", "from": "http://payments", "to": nil]],
        ],
    ]
    private static let planID = "01JD3V8M5QK2Y7R9ZC4T6XBHNE"
    private static let incident: JSON = [
        "id": "01JD3V8M5QK2Y7R9ZC4T6XBAAA", "number": 12, "state": "awaiting-approval", "severity": "critical", "cause": cause,
        "openedAt": "2026-11-22T14:00:00Z", "plans": [.string(planID)],
        "timeline": [["time": "2026-11-22T14:00:00Z", "type": "incident.opened", "actor": "martlet", "text": "opened"]],
    ]
    private static let plan: JSON = [
        "plan": [
            "id": .string(planID), "cluster": ["name": "demo", "uid": "u"], "environment": "dev", "incident": "01JD3V8M5QK2Y7R9ZC4T6XBAAA",
            "actions": [], "title": "roll back checkout to revision 6", "risk": "low", "blastRadius": "1 Deployment",
            "undo": "revision 7 again",
        ],
        "digest": "abc123", "state": "awaiting",
        "gates": [["gate": "policy", "verdict": "inconclusive", "text": "no policy is configured", "details": []]],
    ]

    private static let second: JSON = [
        "plan": [
            "id": "01JD3V8M5QK2Y7R9ZC4T6XBPPP", "incident": "01JD3V8M5QK2Y7R9ZC4T6XBAAA", "title": "pause the rollout of checkout",
        ], "digest": "def456", "state": "awaiting",
    ]

    private func run(_ url: String, _ arguments: [String]) async throws -> Program.Outcome {
        try await Program.run(arguments + ["--server", url], environment: ["MARTLET_TOKEN": "martlet_t"])
    }

    @Test func noServerSaysHowToStartOne() async throws {
        for command in [
            ["incidents"], ["plans", "list"], ["pause", "--reason", "x"], ["token", "list"], ["login"], ["approve", "1", "--yes"],
        ] {
            let outcome = try await Program.run(command)
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.error.contains("no Martlet server answers at http://127.0.0.1:9"))
            #expect(outcome.error.contains("fix: start one with martlet serve"))
        }
    }

    /// A plan that no approval can move does not look like one that waits for it.
    @Test func thePlansOfAListTellTheirGates() async throws {
        func plan(_ id: String, _ verdicts: [String]) -> JSON {
            var plan = Self.second
            plan[at: "plan", "id"] = .string(id)
            plan["gates"] = .array(
                zip(["dry-run", "drift", "rehearsal"], verdicts).map { gate, verdict in
                    ["gate": .string(gate), "verdict": .string(verdict), "text": "as it is", "details": []]
                })
            return plan
        }
        let plans = [
            plan("A", ["pass", "inconclusive", "fail"]), plan("B", ["pass", "inconclusive", "inconclusive"]), plan("C", ["pass"]),
        ]
        try await FakeServer.run(["GET /api/v1/plans": [.json(["items": .array(plans)])]]) { _, url in
            let lines = try await run(url, ["plans", "list"]).output.split(separator: "\n").map(String.init)
            #expect(lines.contains { $0.hasPrefix("A ") && $0.contains("rehearsal failed") && !$0.contains("drift") })
            #expect(lines.contains { $0.hasPrefix("B ") && $0.contains("drift, rehearsal undecided") })
            #expect(lines.contains { $0.hasPrefix("C ") && $0.contains("passed") })
        }
    }

    @Test func whatIsWatchedHasTheClustersTime() {
        var entry: JSON = [
            "seq": 3, "time": "2026-11-22T14:00:00Z", "type": "incident.acknowledged", "actor": "ana", "incident": 12,
            "payload": ["at": "2026-03-01T08:00:00Z"],
        ]
        #expect(IncidentsWatch.line(entry).hasPrefix("2026-03-01T08:00:00Z  12  incident.acknowledged"))
        entry["payload"] = [:]
        #expect(IncidentsWatch.line(entry).hasPrefix("2026-11-22T14:00:00Z"))
    }

    @Test func listsPagesAsOneTable() async throws {
        let second: JSON = ["number": 3, "state": "verifying", "severity": "high", "cause": ["title": "search is killed"]]
        try await FakeServer.run([
            "GET /api/v1/incidents": [.json(["items": [Self.incident], "next": "c 1"])],
            "GET /api/v1/incidents?cursor=c%201": [.json(["items": [second]])],
            "GET /api/v1/status": [.json(["version": "1", "paused": false, "clusters": []])],
        ]) { server, url in
            let outcome = try await run(url, ["incidents"])
            #expect(outcome.status == 0, "\(outcome.error)")
            let lines = outcome.output.split(separator: "\n")
            try #require(lines.count == 3)
            #expect(lines[0].hasPrefix("ID   SEVERITY   STATE               SINCE"))
            #expect(lines[1].hasPrefix("12   critical   awaiting approval "))
            #expect(lines[2].contains("search is killed"))
            #expect(server.calls.allSatisfy { $0.authorization == "Bearer martlet_t" })
        }
    }

    @Test func showsAnIncidentWithoutEscapesFromTheCluster() async throws {
        try await FakeServer.run([
            "GET /api/v1/incidents/12": [.json(Self.incident)],
            "GET /api/v1/plans?incident=01JD3V8M5QK2Y7R9ZC4T6XBAAA": [.json(["items": [Self.plan]])],
        ]) { _, url in
            let outcome = try await run(url, ["incidents", "show", "12"])
            #expect(outcome.output.contains("shop/Deployment/checkout"))
            #expect(outcome.output.contains("97 %"))
            #expect(outcome.output.contains("- env[PAYMENTS_URL]=http://payments"))
            #expect(outcome.output.contains("roll back checkout to revision 6"))
            #expect(!outcome.output.contains("\u{1B}"))
        }
    }

    @Test func undoesWithWhatIsAcceptedByName() async throws {
        try await FakeServer.run([
            "GET /api/v1/plans/\(Self.planID)": [.json(Self.plan)], "POST /api/v1/plans/\(Self.planID)/undo": [.json(Self.plan)],
        ]) { server, url in
            let outcome = try await run(
                url, ["undo", Self.planID, "--reason", "not wanted", "--yes", "--accept", "policy,error-budget"])
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(server.calls.last?.body == ["accept": ["policy", "error-budget"], "reason": "not wanted"])
            #expect(try await run(url, ["undo", Self.planID, "--reason", "x", "--yes", "--accept", "nonsense"]).status == 2)
        }
    }

    @Test func endsASuppression() async throws {
        try await FakeServer.run(["POST /api/v1/incidents/12/unsuppress": [.json(["number": 12])]]) { server, url in
            let outcome = try await run(url, ["incidents", "unsuppress", "12"])
            #expect(outcome.status == 0 && outcome.output == "incident 12 no longer suppressed\n", "\(outcome.error)")
            #expect(server.calls.map(\.line) == ["POST /api/v1/incidents/12/unsuppress"])
        }
    }

    @Test func approvesTheDigestThatWasShown() async throws {
        try await FakeServer.run([
            "GET /api/v1/incidents/12": [.json(Self.incident)],
            // Newest first, as the server lists them: the one that was proposed first is the better one.
            "GET /api/v1/plans?incident=01JD3V8M5QK2Y7R9ZC4T6XBAAA": [.json(["items": [Self.second, Self.plan]])],
            "POST /api/v1/plans/\(Self.planID)/approve": [.json(Self.plan)],
        ]) { server, url in
            let outcome = try await run(url, ["approve", "12", "--yes", "--accept", "policy,error-budget"])
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.contains("inconclusive"))
            #expect(server.calls.last?.body == ["digest": "abc123", "accept": ["policy", "error-budget"]])
        }
    }

    @Test func ofSeveralPlansTheOneThatMayBeApprovedIsMeant() async throws {
        var incident = Self.incident
        incident["plans"] = [.string(Self.planID), "01JD3V8M5QK2Y7R9ZC4T6XVVVV"]
        var closed = Self.second
        closed["state"] = "void"
        try await FakeServer.run([
            "GET /api/v1/incidents/12": [.json(incident)],
            "GET /api/v1/plans?incident=01JD3V8M5QK2Y7R9ZC4T6XBAAA": [.json(["items": [closed, Self.plan]])],
        ]) { _, url in
            let outcome = try await run(url, ["plans", "show", "12", "-o", "json"])
            #expect(outcome.status == 0 && outcome.output.contains(Self.planID), "\(outcome.error)")
        }
    }

    @Test func asksBeforeItApproves() async throws {
        try await FakeServer.run(["GET /api/v1/plans/\(Self.planID)": [.json(Self.plan)]]) { server, url in
            let outcome = try await run(url, ["approve", Self.planID])
            #expect(outcome.status == 2)
            #expect(outcome.error.contains("--yes"))
            #expect(server.calls.count == 1)
        }
    }

    @Test func anotherDigestIsRefused() async throws {
        try await FakeServer.run(["GET /api/v1/plans/\(Self.planID)": [.json(Self.plan)]]) { server, url in
            let outcome = try await run(url, ["approve", Self.planID, "--yes", "--digest", "fff"])
            #expect(outcome.status == 4)
            #expect(server.calls.count == 1)
        }
    }

    @Test func aRefusalExitsWithFour() async throws {
        try await FakeServer.run([
            "POST /api/v1/incidents/12/resolve": [
                .problem(409, ["title": "Refused", "detail": "an operation runs", "code": "refused", "fix": "wait for it"])
            ]
        ]) { _, url in
            let outcome = try await run(url, ["incidents", "resolve", "12", "--reason", "done"])
            #expect(outcome.status == 4)
            #expect(outcome.error == "error: an operation runs\n  fix: wait for it\n")
        }
    }

    @Test func aWrongTokenSaysWhereTheRightOneIs() async throws {
        try await FakeServer.run(["GET /api/v1/tokens": [.problem(401, ["title": "Unauthorized"])]]) { _, url in
            let outcome = try await run(url, ["token", "list"])
            #expect(outcome.status == 1)
            #expect(outcome.error.contains("MARTLET_TOKEN"))
        }
    }

    @Test func suppressTakesATimeOrASpan() async throws {
        try await FakeServer.run(["POST /api/v1/incidents/12/suppress": [.json(Self.incident)]]) { server, url in
            let outcome = try await run(url, ["incidents", "suppress", "12", "--until", "2027-01-01T00:00:00Z", "--reason", "known"])
            #expect(outcome.status == 0)
            #expect(server.calls.last?.body == ["until": "2027-01-01T00:00:00Z", "reason": "known"])
            let span = try await run(url, ["incidents", "suppress", "12", "--until", "2h", "--reason", "known"])
            #expect(span.output == "incident 12 suppressed for 2h\n", "\(span.error)")
            #expect(server.calls.last?.body == ["until": "2h", "reason": "known"])
            #expect(try await run(url, ["incidents", "suppress", "12", "--until", "soon", "--reason", "x"]).status == 2)
        }
    }

    @Test func watchGoesOnWhereItBrokeOff() async throws {
        func frame(_ id: Int) -> String {
            "id: \(id)\nevent: incident.opened\ndata: {\"seq\":\(id),\"type\":\"incident.opened\",\"payload\":{}}\n\n"
        }
        try await FakeServer.run([
            "GET /api/v1/events": [
                .init(type: "text/event-stream", body: frame(1) + frame(2)), .problem(403, ["detail": "enough", "code": "forbidden"]),
            ]
        ]) { server, url in
            let outcome = try await run(url, ["incidents", "watch", "-o", "json"])
            #expect(outcome.status == 1)
            #expect(outcome.output.split(separator: "\n").count == 2)
            #expect(server.calls.map(\.lastEventID) == [nil, "2"])
        }
    }
}

@Suite struct EventStreamParserTests {
    @Test(arguments: ["\n", "\r\n", "\r"])
    func readsEventsInAnyPieces(_ end: String) {
        let text = [": hello", "id: 7", "event: plan.proposed", "data: {\"a\":", "data: 1}", "", "data:x", "", "id: 9", "", "data: cut"]
            .joined(separator: end)
        for size in 1...9 {
            var parser = EventStreamParser()
            var events: [EventStreamParser.Event] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                events += parser.append(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(
                events == [
                    .init(id: "7", name: "plan.proposed", data: "{\"a\":\n1}"), .init(id: "7", name: "message", data: "x"),
                ])
            #expect(parser.lastEventID == "9")
        }
    }
}
