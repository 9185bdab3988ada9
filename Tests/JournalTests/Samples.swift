import Core
import Foundation
import GRDB
import MartletTesting

@testable import Journal

/// A store in a directory of its own, with some entries in it.
struct Sample {
    let home: TemporaryDirectory
    let clock = ManualClock()
    var directory: StoreDirectory { StoreDirectory(home.path + "/store") }

    init() throws { home = try TemporaryDirectory() }

    func open() throws -> JournalStore { try JournalStore(directory: directory, clock: clock) }

    func entry(_ i: Int, _ type: EntryType = .incidentAcknowledged) -> NewEntry {
        NewEntry(
            type: type, cluster: "eu-1", environment: "prod", subject: "subject-\(i)", actor: "ana",
            payload: ["number": JSON(i), "text": .string("payload \(i) – “ü”")])
    }

    /// Writes `count` entries one by one, a second apart, and closes the store.
    func fill(_ count: Int, plansAt: Set<Int> = []) async throws {
        let store = try open()
        for i in 1...count {
            clock.advance(by: .seconds(1))
            try await store.append([entry(i, plansAt.contains(i) ? .planProposed : .incidentAcknowledged)])
        }
        await store.close()
    }

    /// What somebody with a SQLite shell could do: the triggers are dropped first.
    func tamper(_ sql: String...) throws {
        let queue = try DatabaseQueue(path: directory.database)
        try queue.write { db in
            for trigger in try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try db.execute(sql: "DROP TRIGGER \(trigger)")
            }
            for statement in sql { try db.execute(sql: statement) }
        }
        try queue.close()
    }

    func verify(kept: [Checkpoint] = []) throws -> JournalVerification {
        let reader = try JournalReader(directory: directory)
        defer { reader.close() }
        return try reader.verify(kept: kept)
    }

    func checkpoints() throws -> [Checkpoint] { try CheckpointLog(directory).read().checkpoints }

    func export() throws -> [String] {
        let reader = try JournalReader(directory: directory)
        defer { reader.close() }
        var bytes: [UInt8] = []
        try JournalExport.write(reader) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func verify(pack lines: [String], kept: [Checkpoint] = []) throws -> JournalVerification {
        let path = home.path + "/pack.jsonl"
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        return try JournalExport.verify(pack: path, kept: kept)
    }
}
