package import Core
package import Incidents
package import Journal
package import Remediation

/// The journal as a running server uses it: each append is durable, then applied to the boards, then announced, all in order.
///
/// Appends and decisions are taken one at a time, so that a decision is never made on a board that another append is about to move.
package actor Ledger: JournalAppending {
    package private(set) var incidents = IncidentBoard()
    package private(set) var plans = PlanBoard()
    private let store: JournalStore
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var listeners: [Int: AsyncStream<RecordedEntry>.Continuation] = [:]
    private var nextListener = 0

    /// Reads the whole journal once; from then on the boards follow the appends.
    package init(_ store: JournalStore) async throws {
        self.store = store
        var last: Int64 = 0
        while true {
            let page = try await store.entries(after: last, limit: 1000)
            guard let newest = page.last else { break }
            for entry in page { apply(entry) }
            last = newest.entry.seq
        }
    }

    package func append(_ entries: [NewEntry]) async throws -> [RecordedEntry] {
        try await decide { _, _ in entries }
    }

    /// Appends what `body` makes of the boards; nothing else is appended in between.
    @discardableResult
    package func decide(_ body: @Sendable (IncidentBoard, PlanBoard) -> [NewEntry]) async throws -> [RecordedEntry] {
        await acquire()
        defer { release() }
        var next = body(incidents, plans)
        var all: [RecordedEntry] = []
        while !next.isEmpty {
            let recorded = try await store.append(next)
            next = []
            for entry in recorded {
                apply(entry)
                next += incidents.followUps(after: entry)
            }
            all += recorded
        }
        for entry in all { for listener in listeners.values { listener.yield(entry) } }
        return all
    }

    private func apply(_ entry: RecordedEntry) {
        incidents.apply(entry)
        plans.apply(entry)
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
