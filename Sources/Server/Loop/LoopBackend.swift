package import Core
import Incidents
package import Journal
package import Remediation

/// What API and pages get of a running server: the ledger's boards, and the engine behind every change.
package struct LoopBackend: ServerBackend {
    let ledger: Ledger
    let engine: OperationEngine
    let loops: [ClusterLoop]
    let version: String
    let startedAt: Timestamp
    /// This machine's time, for what concerns no cluster.
    let clock: any WallClock

    package init(ledger: Ledger, engine: OperationEngine, loops: [ClusterLoop], version: String, startedAt: Timestamp, clock: any WallClock)
    {
        self.ledger = ledger
        self.engine = engine
        self.loops = loops
        self.version = version
        self.startedAt = startedAt
        self.clock = clock
    }

    package func boards() async -> Boards {
        Boards(incidents: await ledger.incidents.incidents, plans: await ledger.plans.plans)
    }

    package func status() async -> ServerStatus {
        var clusters: [ServerStatus.Cluster] = []
        for loop in loops {
            let (health, hasLostSight) = (await loop.feed.health(), await loop.hasLostSight)
            clusters.append(
                ServerStatus.Cluster(
                    name: loop.cluster, environment: loop.environment, isSynced: health.isSynced,
                    error: await loop.trouble ?? health.error, objects: health.objects, now: loop.feed.clock.now(),
                    unreadable: health.unreadable, isBlind: health.isBlind || hasLostSight))
        }
        let pause = await ledger.plans.safety.pause.map { ServerStatus.Pause(actor: $0.actor, reason: $0.reason, since: $0.since) }
        let unwritable = await ledger.trouble.map { "the journal cannot be written: \($0)" }
        return ServerStatus(
            version: version, startedAt: startedAt, pause: pause, clusters: clusters,
            notReady: unwritable ?? clusters.first { !$0.isSynced }.map { "cluster \($0.name) is not synchronised yet" })
    }

    // MARK: Plans

    package func approve(plan: String, digest: String, accepted: [GateResult.Gate], reason: String?, actor: String) async throws {
        try await engine.approve(plan, digest: digest, accepted: accepted, actor: actor, reason: reason)
    }

    package func reject(plan: String, digest: String?, reason: String, actor: String) async throws {
        if let digest, let record = await ledger.plans[plan], record.digest != digest {
            throw MartletError(.conflict, "plan \(plan) has another digest than the one that was shown", fix: "look at the plan again")
        }
        try await engine.reject(plan, actor: actor, reason: reason)
    }

    package func undo(plan: String, accepted: [GateResult.Gate], reason: String?, actor: String) async throws -> String {
        try await engine.undo(plan, accepted: accepted, actor: actor, reason: reason).plan.id
    }

    package func pause(reason: String, actor: String) async throws { try await engine.pause(actor: actor, reason: reason) }
    package func resume(actor: String) async throws { try await engine.unpause(actor: actor) }

    // MARK: Incidents

    package func acknowledge(incident: String, actor: String) async throws { try await command(.acknowledge, incident, actor) }
    package func assign(incident: String, to: String, actor: String) async throws { try await command(.assign(to: to), incident, actor) }
    package func suppress(incident: String, until: Timestamp, reason: String, actor: String) async throws {
        try await command(.suppress(until: until, reason: reason), incident, actor)
    }
    package func unsuppress(incident: String, actor: String) async throws {
        try await command(.unsuppress(reason: "ended by \(actor)"), incident, actor)
    }
    package func resolve(incident: String, reason: String, actor: String) async throws {
        try await command(.resolve(reason: reason), incident, actor)
    }

    private func command(_ command: IncidentCommand, _ name: String, _ actor: String) async throws {
        let clocks = Dictionary(loops.map { ($0.cluster, $0.feed.clock) }, uniquingKeysWith: { $1 })
        let fallback = clock
        try await ledger.decide { board, _ in
            guard let incident = board.incident(named: name) else {
                throw MartletError(.notFound, "there is no incident \(name)", fix: "martlet incidents list")
            }
            let now = (clocks[incident.cluster] ?? fallback).now()
            return ([try board.entry(for: command, on: incident.id, actor: actor, at: now)], ())
        }
        try await engine.closeUnwanted()
    }

    // MARK: Journal

    package func record(_ entry: NewEntry) async throws { _ = try await ledger.append([entry]) }
    package func entries(after: Int64, limit: Int) async throws -> [RecordedEntry] {
        try await ledger.store.entries(after: after, limit: limit)
    }
    package func newestEntry() async -> Int64 { await ledger.newest }
    package func checkpoint() async throws -> JSON? { await ledger.store.latestCheckpoint()?.json }
    package func recordedEntries() async -> AsyncStream<RecordedEntry> { await ledger.follow() }
}
