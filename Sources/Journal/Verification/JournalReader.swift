import Core
import Foundation
import GRDB

/// A store opened for looking only, also while a server writes it: `martlet journal verify` and `export`.
package struct JournalReader: Sendable {
    package let directory: StoreDirectory
    let database: DatabaseQueue

    /// - Throws: `MartletError`: `notFound` without a journal, `invalid` for a foreign or newer file, `corrupt`, `io`.
    package init(directory: StoreDirectory) throws {
        self.directory = directory
        do { database = try JournalDatabase.openForReading(directory) } catch {
            // What was signed tells that there was a journal once.
            guard error.code == .notFound, let signed = try CheckpointLog(directory).read().checkpoints.map(\.size).max() else {
                throw error
            }
            throw MartletError(
                .corrupt, "\(directory.database) holds nothing, and checkpoints.jsonl beside it was signed at \(signed) entries",
                fix: "restore a backup of both; or move both aside to begin a new journal, and keep them as evidence")
        }
    }

    package func close() { try? database.close() }

    /// Checks the whole store, and against checkpoints that were kept elsewhere.
    /// - Throws: `MartletError` when it cannot be read at all; what is wrong with its content is in the result.
    package func verify(kept: [Checkpoint] = []) throws -> JournalVerification {
        // Before the database: what a running server appends to both meanwhile is then in the latter only.
        let log = try CheckpointLog(directory).read()
        do {
            return try database.read { db in
                let keys = try String.fetchSet(db, sql: "SELECT id FROM keys")
                let head = try? JournalHead.read(db)
                var statements = kept.map { (checkpoint: $0, name: "kept checkpoint") }
                let last = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM entries") ?? 0
                let count = try Int64.fetchOne(db, sql: "SELECT count(*) FROM entries") ?? 0
                statements += log.checkpoints.map { ($0, "checkpoint") }
                if let head { statements.append((head.checkpoint, "signed head")) }
                var verifier = ChainVerifier(subject: directory.database, checkpoints: statements) { hash in
                    try? Int64.fetchOne(db, sql: "SELECT seq FROM entries WHERE hash = ?", arguments: [hash])
                }
                for number in log.unreadable { verifier.report(.signature, nil, "line \(number) of checkpoints.jsonl is no checkpoint") }
                for fault in try String.fetchAll(db, sql: "PRAGMA integrity_check(20)") where fault != "ok" {
                    verifier.report(.damaged, nil, fault)
                }
                let signed = log.checkpoints.map(\.size).max() ?? 0
                if try JournalEnd.hasTransition(db, after: signed) {
                    verifier.note(
                        "a plan moved after entry \(signed), and checkpoints.jsonl says nothing of it: lines were cut off, or Martlet was stopped "
                            + "just then and signs again when it starts")
                }
                judgeKeys(statements.map(\.checkpoint), known: keys, &verifier)
                let rows = try Row.fetchCursor(db, sql: EntryRow.select + " ORDER BY e.seq")
                while let row = try rows.next() {
                    let row = EntryRow(row)
                    verifier.take(row.item)
                    if row.leaf != MerkleHash.leaf(row.canonicalBytes()), row.hash == Digest.sha256Hex(row.canonicalBytes()) {
                        verifier.report(.changed, row.seq, "the leaf hash beside it was changed")
                    }
                }
                if head == nil, last > 0 { verifier.report(.signature, nil, "the signed head of the log is missing or cannot be read") }
                if let head, head.checkpoint.size < count {
                    verifier.report(
                        .inserted, head.checkpoint.size + 1,
                        "the log was signed at \(head.checkpoint.size) entries and holds \(count): what follows is not Martlet's")
                }
                for seq in try Int64.fetchAll(
                    db, sql: "SELECT seq FROM payloads WHERE seq NOT IN (SELECT seq FROM entries) ORDER BY seq LIMIT 50")
                {
                    verifier.report(.payload, seq, "a payload stands there without an entry")
                }
                var result = verifier.finish()
                result.checkpoints = log.checkpoints.count
                result.keptCheckpoints = kept.count
                return result
            }
        } catch {
            throw DatabaseFailure.error(error, doing: "read", path: directory.database)
        }
    }

    private func judgeKeys(_ checkpoints: [Checkpoint], known: Set<String>, _ verifier: inout ChainVerifier) {
        let unknown = Set(checkpoints.map(\.keyID)).subtracting(known).sorted()
        for id in unknown { verifier.report(.signature, nil, "key \(id) signed a checkpoint, and the store does not know it") }
        if known.count > 1 { verifier.note("\(known.count) keys have signed: \(known.sorted().joined(separator: ", "))") }
    }
}

extension EntryRow {
    var item: ChainVerifier.Item {
        ChainVerifier.Item(
            seq: seq, type: type, prev: prev, payloadHash: payloadHash, storedHash: hash, payload: payload,
            bytes: { canonicalBytes(seq: $0) })
    }
}
