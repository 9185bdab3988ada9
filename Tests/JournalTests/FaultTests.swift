import Core
import Foundation
import GRDB
import MartletTesting
import Testing

@testable import Journal

@Suite struct Faults {
    @Test func aFullDiskFailsClearlyAndTheStoreGoesOnWhenThereIsRoom() async throws {
        let sample = try Sample()
        let store = try sample.open()
        try await store.append([sample.entry(1)])
        try await store.limitPages(40)
        let large = NewEntry(
            type: .planProposed, cluster: "eu-1", environment: "prod", subject: "p", actor: "martlet",
            payload: ["text": .string(String(repeating: "x", count: 400_000))])
        let error = await #expect(throws: MartletError.self) { try await store.append([sample.entry(2), large]) }
        #expect(error?.code == .io && error?.message.contains("no room left") == true && error?.fix != nil)
        #expect(try await store.entries().map(\.entry.seq) == [1], "nothing half written")
        // A small one still fits, even beside a large one.
        let fails = Task { try await store.append([large]) }
        let fits = Task { try await store.append([sample.entry(3)]) }
        await #expect(throws: MartletError.self) { try await fails.value }
        #expect(try await fits.value.map(\.entry.seq) == [2])
        try await store.limitPages(1_000_000)
        #expect(try await store.append([large]).map(\.entry.seq) == [3])
        await store.close()
        let result = try sample.verify()
        #expect(result.isIntact && result.entries == 3, "\(result.text)")
    }

    /// The entries are durable by then: nobody may be told otherwise.
    @Test func aCheckpointThatCannotBeWrittenIsOwed() async throws {
        let sample = try Sample()
        let store = try sample.open()
        try FileManager.default.createDirectory(atPath: sample.directory.checkpoints, withIntermediateDirectories: false)
        #expect(try await store.append([sample.entry(1, .planProposed)]).count == 1)
        #expect(await store.checkpointFailure?.code == .io)
        try FileManager.default.removeItem(atPath: sample.directory.checkpoints)
        try await store.append([sample.entry(2)])
        #expect(await store.checkpointFailure == nil)
        await store.close()
        #expect(try sample.checkpoints().map(\.size) == [2])
    }

    /// As a kill leaves it: a copy of the files while the writer has them open, in the middle of a transaction.
    @Test func aKillInTheMiddleOfACommitLosesNothingThatWasPromised() async throws {
        let sample = try Sample()
        let store = try sample.open()
        for i in 1...20 { try await store.append([sample.entry(i, i % 7 == 0 ? .planProposed : .incidentAcknowledged)]) }
        let copy = try Sample()
        try copyInTheMiddleOfACommit(store, to: copy)
        await store.close()
        let survivor = try copy.open()
        #expect(await survivor.lastSeq == 20)
        #expect(try await survivor.append([copy.entry(21)]).map(\.entry.seq) == [21])
        await survivor.close()
        let result = try copy.verify()
        #expect(result.isIntact && result.entries == 21, "\(result.text)")
    }

    private func copyInTheMiddleOfACommit(_ store: JournalStore, to copy: Sample) throws {
        try store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_spill = 1; PRAGMA cache_size = 1; BEGIN IMMEDIATE")
            for seq in 21...400 {
                try db.execute(
                    sql:
                        "INSERT INTO entries SELECT ?, v, time, type, cluster, environment, subject, actor, payload_hash, prev, hash, leaf "
                        + "FROM entries WHERE seq = 1", arguments: [seq])
            }
            try FileManager.default.copyItem(atPath: store.directory.path, toPath: copy.directory.path)
            try db.execute(sql: "ROLLBACK")
        }
    }

    @Test func aForeignDatabaseIsRefusedAndNotTouched() throws {
        let sample = try Sample()
        try sample.directory.create()
        let queue = try DatabaseQueue(path: sample.directory.database)
        try queue.write { try $0.execute(sql: "CREATE TABLE cats (name TEXT)") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: sample.directory.database))
        let error = #expect(throws: MartletError.self) { try sample.open() }
        #expect(error?.code == .invalid && error?.message.contains("another program") == true)
        #expect(throws: MartletError.self) { try sample.verify() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: sample.directory.database)) == before)
    }

    @Test func aNewerFormatIsRefused() async throws {
        let sample = try Sample()
        try await sample.fill(1)
        try sample.tamper("PRAGMA user_version = 2")
        let error = #expect(throws: MartletError.self) { try sample.open() }
        #expect(error?.code == .invalid && error?.message.contains("newer Martlet") == true)
    }

    @Test(arguments: [100, 4096, 9000])
    func aDamagedFileIsRefusedWithWhatToDo(_ offset: Int) async throws {
        let sample = try Sample()
        try await sample.fill(40)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: sample.directory.database))
        try #require(bytes.count > offset)
        for i in offset..<min(bytes.count, offset + 3000) { bytes[i] = UInt8(truncatingIfNeeded: i &* 31) }
        try bytes.write(to: URL(fileURLWithPath: sample.directory.database))
        let outcomes = [
            Result { _ = try sample.open() }.failure as? MartletError, Result { _ = try sample.verify().isIntact }.failure as? MartletError,
        ].compactMap { $0 }
        #expect(outcomes.allSatisfy { $0.code == .corrupt && $0.fix != nil }, "\(outcomes)")
        #expect(try !outcomes.isEmpty || !sample.verify().isIntact)
    }

    @Test func noDatabaseAtAll() throws {
        let sample = try Sample()
        try sample.directory.create()
        try Data("this is no database, but long enough to be looked at as one: \(String(repeating: "-", count: 2000))".utf8)
            .write(to: URL(fileURLWithPath: sample.directory.database))
        let error = #expect(throws: MartletError.self) { try sample.open() }
        #expect(error?.code == .corrupt)
        let none = try Sample()
        #expect(#expect(throws: MartletError.self) { try none.verify() }?.code == .notFound)
    }

    @Test func aJournalThatIsGoneIsNoNewOneWhereCheckpointsTellOfIt() async throws {
        let sample = try Sample()
        try await sample.fill(3, plansAt: [2])
        for name in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: sample.directory.database + name) }
        for error in [
            #expect(throws: MartletError.self) { try sample.verify() }, #expect(throws: MartletError.self) { _ = try sample.open() },
        ] {
            #expect(error?.code == .corrupt && error?.message.contains("checkpoints.jsonl") == true, "\(String(describing: error))")
        }
    }

    @Test func anEmptyFileIsANewJournal() async throws {
        let sample = try Sample()
        try sample.directory.create()
        try Data().write(to: URL(fileURLWithPath: sample.directory.database))
        let store = try sample.open()
        #expect(try await store.append([sample.entry(1)]).map(\.entry.seq) == [1])
        await store.close()
    }

    @Test func aLostKeyIsReplacedAndTheReplacementIsNoted() async throws {
        let sample = try Sample()
        try await sample.fill(2, plansAt: [2])
        try FileManager.default.removeItem(atPath: sample.directory.key)
        let store = try sample.open()
        try await store.append([sample.entry(3, .planApproved)])
        await store.close()
        let result = try sample.verify()
        #expect(result.isIntact && result.notes.contains { $0.contains("2 keys") }, "\(result.text)")
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: sample.directory.key))
        #expect(#expect(throws: MartletError.self) { try sample.open() }?.code == .corrupt)
    }

    @Test func anUnusableDirectoryIsNamed() throws {
        let home = try TemporaryDirectory()
        try Data().write(to: URL(fileURLWithPath: home.path + "/file"))
        let error = #expect(throws: MartletError.self) {
            try JournalStore(directory: StoreDirectory(home.path + "/file/store"), clock: ManualClock())
        }
        #expect(error?.code == .io && error?.message.contains(home.path) == true)
    }
}

extension Result {
    fileprivate var failure: (any Error)? { if case .failure(let error) = self { error } else { nil } }
}
