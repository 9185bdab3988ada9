import Core
import Incidents
import Journal
import Remediation

@testable import Server

/// A loop whose cluster is a script: real entries in a real (memory) journal, folded by the real boards. What an approval leads to is
/// played entry by entry by the test.
actor ScriptedBackend: ServerBackend {
    let clock: SettableClock
    private let journal: MemoryJournal
    private var incidents = IncidentBoard()
    private var plans = PlanBoard()
    private var listeners: [AsyncStream<RecordedEntry>.Continuation] = []
    private(set) var calls: [String] = []
    var current: ServerStatus
    /// Run after an approval, to play what Martlet would do.
    private var afterApproval: (@Sendable (ScriptedBackend, String) async -> Void)?

    init(clock: SettableClock) {
        self.clock = clock
        journal = MemoryJournal(clock: clock)
        current = ServerStatus(
            version: "0.1.0-test", startedAt: clock.now(),
            clusters: [.init(name: "eu-1", environment: "staging", isSynced: true, objects: 1204, heardAt: clock.now())])
    }

    var folds: (incidents: IncidentBoard, plans: PlanBoard) { (incidents, plans) }
    var listenerCount: Int { listeners.count }
    func set(_ status: ServerStatus) { current = status }
    func onApproval(_ play: @escaping @Sendable (ScriptedBackend, String) async -> Void) { afterApproval = play }

    @discardableResult
    func play(_ type: EntryType, _ subject: String, actor: String = "martlet", _ payload: JSON = [:]) async throws -> RecordedEntry {
        let entry = NewEntry(type: type, cluster: "eu-1", environment: "staging", subject: subject, actor: actor, payload: payload)
        return try await take(entry)
    }

    private func take(_ entry: NewEntry) async throws -> RecordedEntry {
        let recorded = try await journal.append([entry])[0]
        incidents.apply(recorded)
        plans.apply(recorded)
        for listener in listeners { listener.yield(recorded) }
        return recorded
    }

    // MARK: ServerBackend

    func boards() -> Boards { Boards(incidents: incidents, plans: plans) }

    func status() -> ServerStatus {
        var status = current
        status.pause = plans.safety.pause.map { .init(actor: $0.actor, reason: $0.reason, since: $0.since) }
        return status
    }

    func approve(plan: String, digest: String, accepted: [GateResult.Gate], reason: String?, actor: String) async throws {
        calls.append("approve \(plan) \(accepted.map(\.rawValue)) by \(actor)")
        guard let record = plans[plan] else { throw MartletError(.notFound, "no plan") }
        guard record.digest == digest else {
            throw MartletError(.refused, "the plan has changed since it was shown", fix: "look at the new one")
        }
        guard record.state == .awaiting else { throw MartletError(.refused, "the plan is \(record.state.rawValue)") }
        var payload: JSON = [
            "incident": .string(record.incident), "digest": .string(digest), "accepted": JSON(accepted.map(\.rawValue)), "missing": 0,
        ]
        if let reason { payload["reason"] = .string(reason) }
        try await play(.planApproved, plan, actor: actor, payload)
        if let afterApproval { Task { await afterApproval(self, plan) } }
    }

    func reject(plan: String, digest: String?, reason: String, actor: String) async throws {
        guard let record = plans[plan], !record.state.isFinal else { throw MartletError(.conflict, "the plan is closed") }
        try await play(
            .planClosed, plan, actor: actor,
            ["incident": .string(record.incident), "digest": .string(record.digest), "reason": .string(reason), "state": "rejected"])
    }

    func undo(plan: String, accepted: [GateResult.Gate], reason: String?, actor: String) async throws -> String {
        guard plans[plan]?.state == .done else { throw MartletError(.conflict, "there is nothing to undo") }
        calls.append("undo \(plan) \(accepted.map(\.rawValue)) by \(actor)")
        return plan
    }

    private func command(_ command: IncidentCommand, _ id: String, _ actor: String) async throws {
        _ = try await take(incidents.entry(for: command, on: id, actor: actor, at: clock.now()))
    }

    func acknowledge(incident: String, actor: String) async throws { try await command(.acknowledge, incident, actor) }
    func assign(incident: String, to: String, actor: String) async throws { try await command(.assign(to: to), incident, actor) }
    func suppress(incident: String, until: Timestamp, reason: String, actor: String) async throws {
        try await command(.suppress(until: until, reason: reason), incident, actor)
    }
    func unsuppress(incident: String, actor: String) async throws { try await command(.unsuppress(reason: "by hand"), incident, actor) }
    func resolve(incident: String, reason: String, actor: String) async throws {
        try await command(.resolve(reason: reason), incident, actor)
    }
    func pause(reason: String, actor: String) async throws { try await play(.controlPaused, "", actor: actor, ["reason": .string(reason)]) }
    func resume(actor: String) async throws { try await play(.controlResumed, "", actor: actor) }
    func record(_ entry: NewEntry) async throws { _ = try await take(entry) }

    func entries(after: Int64, limit: Int) async throws -> [RecordedEntry] {
        Array(await journal.entries.drop { $0.entry.seq <= after }.prefix(limit))
    }
    func newestEntry() async -> Int64 { await journal.entries.last?.entry.seq ?? 0 }
    func checkpoint() async throws -> JSON? { ["size": 7, "root": "00ff"] }
    func recordedEntries() -> AsyncStream<RecordedEntry> {
        let (stream, continuation) = AsyncStream.makeStream(of: RecordedEntry.self, bufferingPolicy: .bufferingNewest(16))
        listeners.append(continuation)
        return stream
    }
}
