import Core
import GRDB

/// What went wrong with `journal.db`, in words: what, where, why, and what to do.
enum DatabaseFailure {
    static func error(_ error: any Error, doing: String, path: String) -> MartletError {
        if let error = error as? MartletError { return error }
        guard let error = error as? DatabaseError else { return MartletError(.internalError, "cannot \(doing) \(path): \(error)") }
        let reason = error.message ?? error.resultCode.description
        return switch error.resultCode {
        case .SQLITE_FULL:
            MartletError(
                .io, "cannot \(doing) \(path): no room left on its device; nothing was recorded",
                fix: "make room: the journal goes on by itself as soon as there is some")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: corrupt(path, reason)
        case .SQLITE_IOERR: MartletError(.io, "cannot \(doing) \(path): \(reason)", fix: "look at the device that holds it (dmesg, df)")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            MartletError(
                .io, "cannot \(doing) \(path): \(reason)",
                fix: "make the file and its directory readable and writable for the user that martlet runs as")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            MartletError(.busy, "cannot \(doing) \(path): another process has it locked", fix: "end that process and try again")
        default: MartletError(.io, "cannot \(doing) \(path): \(reason)")
        }
    }

    static func corrupt(_ path: String, _ reason: String) -> MartletError {
        MartletError(
            .corrupt, "\(path) is damaged: \(reason)",
            fix: "restore it from a backup; `martlet journal verify` says what is wrong with it. To begin a new journal, move "
                + "journal.db, journal.db-wal and journal.db-shm aside together with checkpoints.jsonl; keep them as evidence")
    }
}
