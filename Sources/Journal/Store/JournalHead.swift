import Core
import Crypto
import Foundation
import GRDB

/// The end of the log as the last commit left it: signed, so that a cut or an addition behind Martlet's back shows at once.
struct JournalHead {
    let tree: CompactTree
    let checkpoint: Checkpoint

    /// nil for a journal without entries.
    static func read(_ db: Database) throws -> JournalHead? {
        guard let row = try Row.fetchOne(db, sql: "SELECT size, peaks, checkpoint FROM head") else { return nil }
        let peaks = Data.fromDatabaseValue(row["peaks"]).map(Array.init) ?? []
        let text = String.fromDatabaseValue(row["checkpoint"]) ?? ""
        guard
            let tree = CompactTree(
                size: Int64.fromDatabaseValue(row["size"]) ?? -1,
                peaks: stride(from: 0, to: peaks.count, by: 32).map { Array(peaks[$0..<min($0 + 32, peaks.count)]) }),
            let checkpoint = (try? JSON(parsing: text)).flatMap(Checkpoint.init(json:))
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "its head cannot be read") }
        return JournalHead(tree: tree, checkpoint: checkpoint)
    }

    func write(_ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO head (id, size, peaks, checkpoint) VALUES (1, ?, ?, ?)").execute(
            arguments: [tree.size, Data(tree.peaks.joined()), checkpoint.json.text()])
    }
}
