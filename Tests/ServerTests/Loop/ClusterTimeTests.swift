import Core
import HTTPTypes
import Incidents
import Journal
import Testing

@testable import Server

/// Whatever is said of a cluster is said in that cluster's time, however far this machine's is from it.
@Suite struct ClusterTimeTests {
    /// The cluster is an hour ahead.
    private static let ahead = Duration.seconds(3600)

    @Test func whatIsRecordedOfAClusterHasItsTime() async throws {
        let folder = try TemporaryFolder()
        let machine = SettableClock("2026-11-22T14:00:00Z"), cluster = SettableClock("2026-11-22T15:00:00Z")
        let ledger = try await Ledger(
            try JournalStore(directory: StoreDirectory(folder.path), clock: machine), redactor: Redactor(.keyed([1])))
        await ledger.follow(clock: cluster, of: "eu-1")
        func append(_ type: EntryType, _ payload: JSON, cluster: String = "eu-1") async throws -> RecordedEntry {
            try await ledger.append([
                NewEntry(
                    type: type, cluster: cluster, environment: "staging", subject: Story.incident, actor: "martlet", payload: payload)
            ])[0]
        }
        let opened = try await append(
            .incidentOpened, ["number": 1, "cause": Story.cause(at: cluster.now()).json, "at": "2026-11-22T14:59:58Z"])
        #expect(opened.entry.time == machine.now())
        machine.advance(by: .seconds(1))
        cluster.advance(by: .seconds(12))
        let acknowledged = try await append(.incidentAcknowledged, [:])
        #expect(acknowledged.payload?["at"] == "2026-11-22T15:00:12Z" || acknowledged.payload?["at"] == "2026-11-22T15:00:12.000Z")
        #expect(try await append(.controlPaused, ["reason": "x"], cluster: "").payload?["at"] == nil)
        let incident = try #require(await ledger.incidents.incidents.first)
        #expect(incident.openedAt == Timestamp("2026-11-22T14:59:58Z"))
        #expect(incident.states.map(\.at) == [incident.openedAt])
        #expect(incident.timeline.map(\.time) == [incident.openedAt, cluster.now()])
        #expect(incident.changedAt == cluster.now())
    }

    /// Several write, each with the time at which it began to look; the timeline tells them in the journal's order.
    @Test func aTimelineDoesNotRunBackwards() async throws {
        let folder = try TemporaryFolder()
        let machine = SettableClock("2026-11-22T14:00:00Z"), cluster = SettableClock("2026-11-22T15:00:10Z")
        func open(_ clock: SettableClock) async throws -> (JournalStore, Ledger) {
            let store = try JournalStore(directory: StoreDirectory(folder.path), clock: machine)
            let ledger = try await Ledger(store, redactor: Redactor(.keyed([1])))
            await ledger.follow(clock: clock, of: "eu-1")
            return (store, ledger)
        }
        func append(_ ledger: Ledger, _ type: EntryType, at time: String? = nil, _ payload: JSON = [:]) async throws {
            var payload = payload
            payload["at"] = time.map { .string("2026-11-22T\($0)Z") }
            _ = try await ledger.append([
                NewEntry(
                    type: type, cluster: "eu-1", environment: "staging", subject: Story.incident, actor: "martlet", payload: payload)
            ])
        }
        func times(_ ledger: Ledger) async -> [String] {
            await (ledger.incidents.incidents.first?.timeline ?? []).map { String($0.time.rfc3339().dropFirst(11).prefix(8)) }
        }
        let (store, first) = try await open(cluster)
        let cause = Story.cause(at: cluster.now()).json
        try await append(first, .incidentOpened, at: "15:00:08", ["number": 1, "cause": cause])
        try await append(first, .incidentAcknowledged)
        // A look that began before somebody acknowledged.
        try await append(first, .incidentDiagnosed, at: "15:00:09", ["cause": cause])
        #expect(await times(first) == ["15:00:08", "15:00:10", "15:00:10"])
        await store.close()
        // Another run knows the cluster's time a little differently.
        let (again, second) = try await open(SettableClock("2026-11-22T15:00:09Z"))
        try await append(second, .incidentAcknowledged)
        #expect(await times(second).last == "15:00:10")
        await again.close()
        // An hour is no doubt: somebody has set the cluster's clock.
        let (last, third) = try await open(SettableClock("2026-11-22T14:00:11Z"))
        try await append(third, .incidentAcknowledged)
        try await append(third, .incidentAcknowledged)
        #expect(await times(third).suffix(2) == ["14:00:11", "14:00:11"])
        await last.close()
    }

    /// Opened three minutes ago by the cluster's clock, which the page and the API count on.
    private func desk() async throws -> Desk {
        let desk = try Desk()
        let now = desk.clock.now() + Self.ahead
        let opened = now - .seconds(185)
        try await desk.backend.play(
            .incidentOpened, Story.incident,
            ["number": 12, "cause": Story.cause(at: opened).json, "at": .string(opened.description)])
        await desk.backend.set(
            ServerStatus(
                version: "x", startedAt: desk.clock.now(),
                clusters: [.init(name: "eu-1", environment: "staging", isSynced: true, now: now)]))
        return desk
    }

    @Test(arguments: ["/", "/incidents/12"]) func pagesCountAgesOnTheClustersClock(_ path: String) async throws {
        let desk = try await desk()
        let text = await desk.call(.get, path, cookie: try desk.session().cookie).text
        #expect(text.contains(#"data-as="age" data-age="185""#) && text.contains(">3 min</time>"), "\(text)")
        // One clock on the whole page of an incident.
        if path != "/" { #expect(text.contains("as of <time datetime=\"2026-11-22T15:02:07Z\"")) }
    }

    @Test func aSuppressionLastsOnTheClustersClock() async throws {
        let desk = try await desk()
        let token = try await desk.token(.operator)
        func suppress(until: String) async -> Answer {
            await desk.call(
                .post, "/api/v1/incidents/12/suppress", token: token, json: ["until": .string(until), "reason": "load test"])
        }
        // In the future of this machine, and over in the cluster.
        #expect(await suppress(until: (desk.clock.now() + .seconds(1800)).description).status == 400)
        let answer = await suppress(until: "2h").json
        let until = try #require(answer["suppressedUntil"]?.string.flatMap { Timestamp($0) })
        #expect(until == desk.clock.now() + Self.ahead + .seconds(7200))
    }

    @Test func theAPITellsTheClustersTime() async throws {
        let desk = try await desk()
        let token = try await desk.token(.viewer)
        let incident = await desk.call(.get, "/api/v1/incidents/12", token: token).json
        let now = try #require(incident["now"]?.string.flatMap { Timestamp($0) })
        let opened = try #require(incident["openedAt"]?.string.flatMap { Timestamp($0) })
        #expect(now - opened == .seconds(185))
        #expect(await desk.call(.get, "/api/v1/incidents", token: token).json["items"]?[0]?["now"] == incident["now"])
        #expect(await desk.call(.get, "/api/v1/status", token: token).json["clusters"]?[0]?["now"] == incident["now"])
    }
}
