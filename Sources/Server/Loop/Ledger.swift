package import Core
package import Incidents
package import Journal
package import Remediation

/// The journal as a running server uses it: each append is redacted, durable, then applied to the boards, then announced, all in order.
///
/// Appends and decisions are taken one at a time, so that a decision is never made on a board that another append is about to move.
package actor Ledger: JournalAppending {
    package private(set) var incidents: IncidentBoard
    package private(set) var plans = PlanBoard()
    package private(set) var revisions = RevisionMemory()
    /// The number of the newest entry that the boards hold.
    package private(set) var newest: Int64 = 0
    /// Why the last append failed; nil when it did not.
    package private(set) var trouble: String?
    /// Payloads that were missing when the journal was read.
    package private(set) var payloadGaps = PayloadGaps()
    package nonisolated let store: JournalStore
    private var redactor: Redactor
    /// The time of each cluster: whatever an entry says of a cluster happened at a time of that cluster.
    private var clocks: [String: any WallClock] = [:]
    /// The time of the newest entry of each cluster.
    private var times: [String: Timestamp] = [:]
    /// By how much two runs of this process may differ over a cluster's time; what is more is a clock that was set.
    private static let doubt = Duration.seconds(5)
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var listeners: [Int: AsyncStream<RecordedEntry>.Continuation] = [:]
    private var nextListener = 0

    /// Reads the whole journal once; from then on the boards follow the appends.
    package init(_ store: JournalStore, redactor: Redactor, rules: IncidentRules = IncidentRules()) async throws {
        self.store = store
        self.redactor = redactor
        incidents = IncidentBoard(rules: rules)
        var last: Int64 = 0
        while true {
            let page = try await store.entries(after: last, limit: 1000)
            guard let newest = page.last else { break }
            for entry in page {
                payloadGaps.take(entry)
                apply(entry)
            }
            last = newest.entry.seq
        }
    }

    /// Why nothing may be done for an incident now; nil when something may (INTERFACES section 2).
    package func objection(to incident: String) -> String? {
        guard let incident = incidents[incident] else { return nil }
        return incident.state.isActive ? nil : "\(incident.label) is \(incident.state.rawValue)"
    }

    /// Every entry so far, for another fold of it.
    package func history() async throws -> [RecordedEntry] {
        var all: [RecordedEntry] = []
        while true {
            let page = try await store.entries(after: all.last?.entry.seq ?? 0, limit: 1000)
            if page.isEmpty { return all }
            all += page
        }
    }

    package func follow(clock: any WallClock, of cluster: String) { clocks[cluster] = clock }

    package func append(_ entries: [NewEntry]) async throws -> [RecordedEntry] {
        let count = entries.count
        let (recorded, _) = try await decide { _, _ in (entries, ()) }
        return Array(recorded.prefix(count))
    }

    package func latestCheckpoint() async -> Checkpoint? { await store.latestCheckpoint() }

    /// Appends what `body` makes of the boards; nothing else is appended in between. What follows from an entry by the life cycle is
    /// appended behind it.
    @discardableResult
    package func decide<Value: Sendable>(
        _ body: @Sendable (IncidentBoard, PlanBoard) throws -> ([NewEntry], Value)
    ) async throws -> ([RecordedEntry], Value) {
        await acquire()
        defer { release() }
        let (first, value) = try body(incidents, plans)
        var next = first
        var all: [RecordedEntry] = []
        while !next.isEmpty {
            let recorded: [RecordedEntry]
            do { recorded = try await store.append(dated(next).map { redacted($0) }) } catch {
                trouble = (error as? MartletError)?.message ?? "\(error)"
                throw error
            }
            trouble = nil
            next = []
            for entry in recorded {
                apply(entry)
                let now = clocks[entry.entry.cluster]?.now() ?? entry.entry.time
                next += incidents.followUps(after: entry, at: now)
            }
            all += recorded
        }
        for entry in all { for listener in listeners.values { listener.yield(entry) } }
        return (all, value)
    }

    /// With the cluster's time, which is that of being recorded where another entry has come in between: whoever writes has read the clock
    /// when he began to look, and a timeline would run backwards. Where the cluster's clock was set back, it does. The entry's own time is
    /// this machine's.
    private func dated(_ entries: [NewEntry]) -> [NewEntry] {
        var times = times
        return entries.map { entry in
            // When a revision was seen is a fact of the look, and on no timeline.
            guard let clock = clocks[entry.cluster], entry.type != .revisionSeen else { return entry }
            let (now, said) = (clock.now(), entry.payload.clusterTime)
            var time = said ?? now
            if let newest = times[entry.cluster], time < newest, newest - now <= Ledger.doubt { time = newest }
            times[entry.cluster] = time
            guard time != said else { return entry }
            var dated = entry
            dated.payload["at"] = .string(time.description)
            return dated
        }
    }

    private func apply(_ entry: RecordedEntry) {
        incidents.apply(entry)
        plans.apply(entry)
        revisions.apply(entry)
        if entry.type != .revisionSeen, let time = entry.payload?.clusterTime { times[entry.entry.cluster] = time }
        newest = entry.entry.seq
    }

    /// INTERFACES section 7: no secret is stored. A plan's actions and state are left alone: they hold references, and the digest that
    /// was approved is over them. So is a checkpoint: it is ours, and signed.
    private func redacted(_ entry: NewEntry) -> NewEntry {
        var clean = entry
        clean.payload = redactor.json(entry.payload)
        for member in ["actions", "state"] {
            if let exact = entry.payload[at: "plan", member] { clean.payload[at: "plan", member] = exact }
        }
        for member in ["write", "checkpoint"] {
            if let exact = entry.payload[member] { clean.payload[member] = exact }
        }
        return clean
    }

    /// Every entry from now on, in order. A reader that falls 1,024 entries behind loses the oldest and sees the gap in `seq`.
    package func follow() -> AsyncStream<RecordedEntry> {
        let (stream, continuation) = AsyncStream.makeStream(of: RecordedEntry.self, bufferingPolicy: .bufferingNewest(1024))
        let id = nextListener
        nextListener += 1
        listeners[id] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(id) } }
        return stream
    }

    private func forget(_ id: Int) { listeners[id] = nil }

    private func acquire() async {
        if !isBusy { isBusy = true; return }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func release() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }
}
