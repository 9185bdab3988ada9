package import Core
import Foundation
import GRDB

extension JournalStore {
    /// Entries behind a number, oldest first. Readers run beside the writer and wait for nobody.
    package nonisolated func entries(after seq: Int64 = 0, limit: Int = 1000) async throws -> [RecordedEntry] {
        try await rows(" WHERE e.seq > ? ORDER BY e.seq LIMIT ?", [seq, limit])
    }

    /// Entries about one subject (an incident's or plan's ULID), oldest first.
    package nonisolated func entries(about subject: String, after seq: Int64 = 0, limit: Int = 1000) async throws -> [RecordedEntry] {
        try await rows(" WHERE e.subject = ? AND e.seq > ? ORDER BY e.seq LIMIT ?", [subject, seq, limit])
    }

    /// Entries before a number, newest first: the way a page shows them.
    package nonisolated func entries(before seq: Int64, limit: Int) async throws -> [RecordedEntry] {
        try await rows(" WHERE e.seq < ? ORDER BY e.seq DESC LIMIT ?", [seq, limit])
    }

    package nonisolated func entry(_ seq: Int64) async throws -> RecordedEntry? {
        try await rows(" WHERE e.seq = ?", [seq]).first
    }

    /// The payload of an entry; nil when there is no such entry or retention dropped it.
    package nonisolated func payload(of seq: Int64) async throws -> JSON? { try await entry(seq)?.payload }

    /// Hands every entry over in order, some at a time: how folds are rebuilt at the start.
    package nonisolated func replay(after seq: Int64 = 0, _ take: (RecordedEntry) throws -> Void) async throws {
        var last = seq
        while case let page = try await entries(after: last, limit: 1000), let end = page.last {
            for entry in page { try take(entry) }
            last = end.entry.seq
        }
    }

    /// The audit path of an entry in the journal as it is now, with the size and root that it leads to; nil without such an entry.
    package nonisolated func inclusionProof(of seq: Int64) async throws -> (size: Int, root: [UInt8], path: [[UInt8]])? {
        let leaves = try await leafHashes()
        guard let path = MerkleProof.inclusion(of: Int(seq) - 1, leaves: leaves) else { return nil }
        return (leaves.count, MerkleProof.root(leaves[...]), path)
    }

    /// The proof that the journal still begins with what it held at an earlier size; nil when it was never that large.
    package nonisolated func consistencyProof(from size: Int) async throws -> (size: Int, root: [UInt8], path: [[UInt8]])? {
        let leaves = try await leafHashes()
        guard let path = MerkleProof.consistency(from: size, leaves: leaves) else { return nil }
        return (leaves.count, MerkleProof.root(leaves[...]), path)
    }

    private nonisolated func leafHashes() async throws -> [[UInt8]] {
        try await reading { db in
            try Data.fetchAll(db, sql: "SELECT leaf FROM entries ORDER BY seq").map(Array.init)
        }
    }

    private nonisolated func rows(_ condition: String, _ arguments: StatementArguments) async throws -> [RecordedEntry] {
        let path = directory.database
        return try await reading { db in
            try Row.fetchAll(db, sql: EntryRow.select + condition, arguments: arguments).map { try EntryRow($0).recorded(path: path) }
        }
    }

    private nonisolated func reading<T: Sendable>(_ body: @Sendable @escaping (Database) throws -> T) async throws -> T {
        do { return try await pool.read(body) } catch let error as CancellationError { throw error } catch {
            throw DatabaseFailure.error(error, doing: "read", path: directory.database)
        }
    }
}
