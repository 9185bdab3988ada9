package import Core
import Crypto
import Dispatch
import Foundation
import GRDB

/// The journal on disk, and its one writer: a hash chain and Merkle tree in SQLite, with signed checkpoints beside it.
///
/// Appends that come while a commit runs share the next one (group commit). Its work blocks, so it has a thread of its own.
package actor JournalStore: JournalAppending {
    package nonisolated let directory: StoreDirectory
    private nonisolated let executor = QueueExecutor("journal")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let pool: DatabasePool
    private let clock: any WallClock
    private let key: Curve25519.Signing.PrivateKey
    private let checkpoints: CheckpointLog
    private var lock: StoreLock?
    private var sequence: EntrySequence
    private var tree: CompactTree
    private var lastCheckpoint: Checkpoint?
    /// A plan transition is recorded whose checkpoint could not be written yet.
    private var owesCheckpoint = false
    /// Why the newest checkpoint is not in `checkpoints.jsonl`; nil when it is.
    package private(set) var checkpointFailure: MartletError?

    private struct Batch {
        let entries: [NewEntry]
        let answer: CheckedContinuation<[RecordedEntry], any Error>
    }
    private var pending: [Batch] = []
    private var isCommitScheduled = false
    private var listeners: [Int: AsyncStream<Int64>.Continuation] = [:]
    private var nextListener = 0

    /// Opens the store, made new where there is none, and takes the lock. Blocks for some milliseconds.
    /// - Throws: `MartletError`: `busy` when another process holds it, `invalid` for another program's or a newer Martlet's file,
    ///   `corrupt` for one that is damaged or was cut, `io` for what the system refuses.
    package init(directory: StoreDirectory, clock: any WallClock) throws {
        try directory.create()
        let lock = try StoreLock(directory)
        let key = try SigningKey.load(directory)
        let checkpoints = CheckpointLog(directory)
        try checkpoints.repair()
        let pool = try JournalDatabase.openForWriting(directory)
        let end = try JournalEnd.read(pool, directory: directory, lastCheckpoint: checkpoints.last())
        (self.directory, self.clock, self.key, self.checkpoints, self.lock, self.pool) = (directory, clock, key, checkpoints, lock, pool)
        (sequence, tree, lastCheckpoint, owesCheckpoint) = (end.sequence, end.tree, checkpoints.last(), end.owesCheckpoint)
        try end.register(key, in: pool, path: directory.database)
        if owesCheckpoint {
            let checkpoint = try Checkpoint.signed(size: tree.size, root: tree.root, time: sequence.time, key: key)
            try checkpoints.append(checkpoint)
            (lastCheckpoint, owesCheckpoint) = (checkpoint, false)
        }
    }

    /// Gives the store back. Appends after that fail.
    package func close() {
        commit()
        // Everything into the one file, so that a copy of it is whole.
        _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
        try? pool.close()
        lock = nil
        for listener in listeners.values { listener.finish() }
        listeners = [:]
    }

    // MARK: Appending

    @discardableResult
    package func append(_ entries: [NewEntry]) async throws -> [RecordedEntry] {
        if entries.isEmpty { return [] }
        return try await withCheckedThrowingContinuation { answer in
            pending.append(Batch(entries: entries, answer: answer))
            if isCommitScheduled { return }
            isCommitScheduled = true
            // Behind all appends that already wait for this actor: they go into the same commit.
            executor.queue.async { self.assumeIsolated { $0.commit() } }
        }
    }

    private func commit() {
        isCommitScheduled = false
        let batches = pending
        pending = []
        if batches.isEmpty { return }
        do {
            let recorded = try write(batches.map(\.entries))
            for (batch, entries) in zip(batches, recorded) { batch.answer.resume(returning: entries) }
        } catch  where batches.count > 1 {
            // One that cannot be written must not take the others with it.
            for batch in batches { batch.answer.resume(with: Result { try write([batch.entries])[0] }) }
        } catch {
            batches[0].answer.resume(throwing: error)
        }
    }

    /// Writes the batches in one transaction. State moves only when it is on disk.
    private func write(_ batches: [[NewEntry]]) throws -> [[RecordedEntry]] {
        guard lock != nil else {
            throw MartletError(.unavailable, "the journal in \(directory.path) is closed: Martlet is shutting down")
        }
        var (sequence, tree) = (sequence, tree)
        let now = clock.now()
        var recorded: [[RecordedEntry]] = []
        do {
            try pool.write { db in
                let insert = try db.cachedStatement(
                    sql: """
                        INSERT INTO entries
                            (seq, v, time, type, cluster, environment, subject, actor, payload_hash, prev, hash, leaf)
                            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                let insertPayload = try db.cachedStatement(sql: "INSERT INTO payloads (seq, json) VALUES (?, ?)")
                for batch in batches {
                    recorded.append(
                        try batch.map { new in
                            let (entry, bytes, payload) = sequence.next(new, at: now)
                            let leaf = MerkleHash.leaf(bytes)
                            tree.append(leafHash: leaf)
                            try insert.execute(
                                arguments: [
                                    entry.seq, entry.v, entry.time.description, entry.type, entry.cluster, entry.environment, entry.subject,
                                    entry.actor, entry.payloadHash, entry.prev, sequence.head, Data(leaf),
                                ])
                            try insertPayload.execute(arguments: [entry.seq, Data(payload)])
                            return RecordedEntry(entry: entry, payload: new.payload)
                        })
                }
                let head = try Checkpoint.signed(size: tree.size, root: tree.root, time: sequence.time, key: key)
                try JournalHead(tree: tree, checkpoint: head).write(db)
            }
        } catch {
            throw DatabaseFailure.error(error, doing: "append to", path: directory.database)
        }
        (self.sequence, self.tree) = (sequence, tree)
        if batches.contains(where: { $0.contains(where: \.type.isPlanTransition) }) { owesCheckpoint = true }
        if owesCheckpoint { writeCheckpoint() }
        for listener in listeners.values { listener.yield(sequence.seq) }
        return recorded
    }

    /// The entries are durable by now, so a checkpoint that cannot be written fails nobody's append: it is owed.
    private func writeCheckpoint() {
        do {
            let checkpoint = try Checkpoint.signed(size: tree.size, root: tree.root, time: sequence.time, key: key)
            try checkpoints.append(checkpoint)
            (lastCheckpoint, owesCheckpoint, checkpointFailure) = (checkpoint, false, nil)
        } catch {
            checkpointFailure = error as? MartletError ?? MartletError(.internalError, "cannot sign a checkpoint: \(error)")
        }
    }

    package func latestCheckpoint() async -> Checkpoint? { lastCheckpoint }

    /// The number of the last entry; 0 for an empty journal.
    package var lastSeq: Int64 { sequence.seq }

    /// The number of the newest entry whenever there is a new one: a wake-up, upon which ``entries(after:limit:)`` gives what is
    /// new. Slow readers skip numbers, never entries.
    package func appends() -> AsyncStream<Int64> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int64.self, bufferingPolicy: .bufferingNewest(1))
        let id = nextListener
        nextListener += 1
        listeners[id] = continuation
        continuation.onTermination = { _ in Task { await self.forget(id) } }
        if sequence.seq > 0 { continuation.yield(sequence.seq) }
        return stream
    }

    private func forget(_ id: Int) { listeners[id] = nil }

    /// Drops the payloads of entries up to a number (retention). Entries and proofs stay as they are. How far it goes is an entry itself,
    /// and recorded first, so that what is missing beyond it can only have been removed (``PayloadGaps``).
    /// - Returns: how many were dropped.
    @discardableResult
    package func dropPayloads(through seq: Int64) async throws -> Int {
        let seq = min(seq, lastSeq)
        do {
            let isThere = try await pool.read { db in
                try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM payloads WHERE seq <= ?)", arguments: [seq]) ?? false
            }
            guard isThere else { return 0 }
            try await append([
                NewEntry(
                    type: .payloadsDropped, cluster: "", environment: "", subject: "", actor: "martlet", payload: ["through": .integer(seq)]
                )
            ])
            return try await pool.write { db in
                try db.execute(sql: "DELETE FROM payloads WHERE seq <= ?", arguments: [seq])
                return db.changesCount
            }
        } catch {
            throw DatabaseFailure.error(error, doing: "drop payloads of", path: directory.database)
        }
    }

    /// For tests of a full disk: the database may not grow beyond this many pages.
    func limitPages(_ pages: Int) throws {
        try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }
}

extension EntryType {
    /// Whether a checkpoint follows: everything that a plan or an operation does.
    package var isPlanTransition: Bool {
        let name = rawValue
        return name.hasPrefix("plan.") || name.hasPrefix("operation.") || name.hasPrefix("verification.") || name.hasPrefix("rollback.")
    }
}
