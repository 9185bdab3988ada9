import Core
import Crypto
import Foundation
import GRDB

/// Where a journal that is being opened ends, checked against its signed head and its last checkpoint.
struct JournalEnd {
    var sequence = EntrySequence()
    var tree = CompactTree()
    /// The last plan transition has no checkpoint: Martlet was killed between the two.
    var owesCheckpoint = false

    static func read(_ pool: DatabasePool, directory: StoreDirectory, lastCheckpoint: Checkpoint?) throws(MartletError) -> JournalEnd {
        let path = directory.database
        do {
            return try pool.read { db in
                var end = JournalEnd()
                let last = try Row.fetchOne(db, sql: EntryRow.select + " ORDER BY e.seq DESC LIMIT 1").map(EntryRow.init)
                let head = try JournalHead.read(db)
                if let last {
                    guard let head else { throw changed(path, "it has entries and no signed head") }
                    guard head.tree.size == last.seq, head.checkpoint.size == last.seq else {
                        throw changed(path, "its head was signed at \(head.tree.size) entries, and it ends with entry \(last.seq)")
                    }
                    let entry = try last.recorded(path: path).entry
                    guard entry.hash == last.hash, Digest.hex(head.tree.root) == head.checkpoint.root, head.checkpoint.hasValidSignature
                    else { throw changed(path, "its last entry or its signed head was changed") }
                    end.sequence = EntrySequence(seq: last.seq, time: entry.time, head: last.hash)
                    end.tree = head.tree
                } else if let head {
                    throw changed(path, "its head was signed at \(head.tree.size) entries, and it has none")
                }
                if let lastCheckpoint, lastCheckpoint.size > end.tree.size {
                    throw changed(
                        path, "checkpoints.jsonl was signed at \(lastCheckpoint.size) entries, and it has \(end.tree.size)")
                }
                end.owesCheckpoint = try hasTransition(db, after: lastCheckpoint?.size ?? 0)
                return end
            }
        } catch {
            throw DatabaseFailure.error(error, doing: "read", path: path)
        }
    }

    /// Notes from which entry on a key signs.
    func register(_ key: Curve25519.Signing.PrivateKey, in pool: DatabasePool, path: String) throws(MartletError) {
        let publicKey = key.publicKey.rawRepresentation.base64EncodedString()
        do {
            try pool.write { db in
                try db.execute(
                    sql: "INSERT OR IGNORE INTO keys (id, public_key, since) VALUES (?, ?, ?)",
                    arguments: [Checkpoint.keyID(of: publicKey), publicKey, sequence.seq + 1])
            }
        } catch {
            throw DatabaseFailure.error(error, doing: "write to", path: path)
        }
    }

    /// Whether a plan moved behind an entry: there must be a checkpoint of it.
    static func hasTransition(_ db: Database, after seq: Int64) throws -> Bool {
        let types = EntryType.allCases.filter(\.isPlanTransition).map(\.rawValue)
        let marks = types.map { _ in "?" }.joined(separator: ", ")
        return try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM entries WHERE seq > ? AND type IN (\(marks)))",
            arguments: [seq] + StatementArguments(types)) ?? false
    }

    private static func changed(_ path: String, _ what: String) -> MartletError {
        MartletError(
            .corrupt, "\(path) was changed behind Martlet's back: \(what)",
            fix: "`martlet journal verify` says where; restore a backup that it accepts, or move journal.db and checkpoints.jsonl "
                + "aside to begin a new journal; keep them as evidence")
    }
}
