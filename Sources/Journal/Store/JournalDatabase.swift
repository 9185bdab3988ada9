import Core
import Foundation
import GRDB

/// Opening `journal.db`, after looking whether it is one.
enum JournalDatabase {
    /// Opens it for writing, made new when there is none: WAL, and every commit on disk before it returns.
    static func openForWriting(_ directory: StoreDirectory) throws(MartletError) -> DatabasePool {
        let path = directory.database
        let isNew = try isAbsentOrEmpty(path)
        do {
            // A look before the pool is opened: that one would already change a foreign file.
            if !isNew { _ = try look(path) }
            let pool = try DatabasePool(path: path, configuration: configuration(readOnly: false))
            // The pool has chosen NORMAL, which may lose the last commits with the power.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            try pool.write { db in
                if try Int64.fetchOne(db, sql: "PRAGMA application_id") == 0 { try JournalSchema.create(db) }
            }
            chmod(path, 0o600)
            if isNew { syncDirectory(directory.path) }
            return pool
        } catch {
            throw DatabaseFailure.error(error, doing: "open", path: path)
        }
    }

    /// Opens it for reading, also while another process writes it.
    static func openForReading(_ directory: StoreDirectory) throws(MartletError) -> DatabaseQueue {
        let path = directory.database
        if try isAbsentOrEmpty(path) {
            throw MartletError(
                .notFound, "there is no journal at \(path)",
                fix: "start `martlet serve` once, or set MARTLET_HOME to the directory that holds one")
        }
        do {
            let queue = try look(path)
            try queue.read { db in
                if try Int64.fetchOne(db, sql: "PRAGMA application_id") == 0 {
                    throw MartletError(.notFound, "the journal at \(path) has not been begun", fix: "start `martlet serve` once")
                }
            }
            return queue
        } catch {
            throw DatabaseFailure.error(error, doing: "open", path: path)
        }
    }

    /// Opens it for reading and says whether it is ours.
    private static func look(_ path: String) throws -> DatabaseQueue {
        func identified(readOnly: Bool) throws -> DatabaseQueue {
            let queue = try DatabaseQueue(path: path, configuration: configuration(readOnly: readOnly))
            try queue.read { try identify($0, path) }
            return queue
        }
        do { return try identified(readOnly: true) } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            // A process was killed while it made the file, and its rollback journal lies beside it: only who may write can take that
            // back, as SQLite does by itself then.
            try identified(readOnly: false).close()
            return try identified(readOnly: true)
        }
    }

    /// Refuses a database that is another program's or a newer Martlet's. One without any table is ours to begin: a kill before
    /// the first commit leaves that.
    private static func identify(_ db: Database, _ path: String) throws {
        let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if application == 0 && version == 0 && tables == 0 { return }
        guard application == JournalSchema.applicationID else {
            throw MartletError(
                .invalid, "\(path) is a database of another program (application id \(application), \(tables) tables)",
                fix: "move it away, or set MARTLET_HOME to another directory; Martlet has not touched it")
        }
        guard version <= JournalSchema.version else {
            throw MartletError(
                .invalid, "\(path) was written by a newer Martlet (format \(version); this one knows \(JournalSchema.version))",
                fix: "run the newer version; this one has not touched it")
        }
    }

    private static func isAbsentOrEmpty(_ path: String) throws(MartletError) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return true }
            throw SystemFailure.error("open", path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MartletError(.invalid, "\(path) is no regular file", fix: "move it away, or set MARTLET_HOME to another directory")
        }
        return status.st_size == 0
    }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.label = "journal"
        return configuration
    }
}
