import Core
import Foundation
import GRDB
import MartletTesting
import Testing

@testable import Journal

@Suite struct Stores {
    @Test func whatWasAppendedIsThereAfterReopening() async throws {
        let sample = try Sample()
        try await sample.fill(5, plansAt: [3])
        let store = try sample.open()
        let recorded = try await store.append([sample.entry(6), sample.entry(7)])
        #expect(recorded.map(\.entry.seq) == [6, 7])
        let all = try await store.entries()
        #expect(all.map(\.entry.seq) == [1, 2, 3, 4, 5, 6, 7])
        #expect(all.map(\.payload) == (1...7).map { sample.entry($0).payload })
        #expect(zip(all, all.dropFirst()).allSatisfy { $1.entry.prev == $0.entry.hash && $1.entry.time >= $0.entry.time })
        #expect(all[0].entry.prev == Entry.noPrevious)
        #expect(try await store.entries(after: 5, limit: 1).map(\.entry.seq) == [6])
        #expect(try await store.entries(before: 4, limit: 2).map(\.entry.seq) == [3, 2])
        #expect(try await store.entries(about: "subject-4").map(\.entry.seq) == [4])
        #expect(try await store.payload(of: 2) == sample.entry(2).payload)
        #expect(try await store.payload(of: 99) == nil)
        var replayed: [Int64] = []
        try await store.replay { replayed.append($0.entry.seq) }
        #expect(replayed == [1, 2, 3, 4, 5, 6, 7])
        await store.close()
        let result = try sample.verify()
        #expect(result.isIntact, "\(result.text)")
        #expect(result.entries == 7 && result.checkpoints == 1 && result.exitStatus == 0)
    }

    /// A process that is killed while it makes the database leaves a rollback journal beside a file that is half made.
    @Test func aDatabaseThatWasHalfMadeIsBegunAgain() async throws {
        let sample = try Sample()
        try sample.directory.create()
        let half = sample.directory.path + "/half.db"
        let queue = try DatabaseQueue(path: half)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_size = 2; BEGIN; CREATE TABLE half (made); ")
            for _ in 0..<50 { try db.execute(sql: "INSERT INTO half VALUES (randomblob(4000))") }
            try FileManager.default.copyItem(atPath: half, toPath: sample.directory.database)
            try FileManager.default.copyItem(atPath: half + "-journal", toPath: sample.directory.database + "-journal")
            try db.execute(sql: "ROLLBACK")
        }
        // Whoever only reads finds no journal, and does not fall over the half of one.
        #expect(throws: MartletError.self) { try sample.verify() }
        let store = try sample.open()
        _ = try await store.append([sample.entry(1)])
        #expect(try await store.entries().map(\.entry.seq) == [1])
        await store.close()
        #expect(try sample.verify().isIntact)
    }

    @Test func filesAreForTheOwnerOnly() async throws {
        let sample = try Sample()
        try await sample.fill(1, plansAt: [1])
        func mode(_ path: String) throws -> Int {
            try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        }
        #expect(try mode(sample.directory.path) == 0o700)
        for path in [sample.directory.key, sample.directory.lock, sample.directory.database, sample.directory.checkpoints] {
            #expect(try mode(path) == 0o600, "\(path)")
        }
    }

    @Test func aThousandConcurrentAppendsStayGapless() async throws {
        let sample = try Sample()
        let store = try sample.open()
        let numbers = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for i in 0..<1000 {
                group.addTask { try await store.append([sample.entry(2 * i), sample.entry(2 * i + 1)]).map(\.entry.seq) }
            }
            return try await group.reduce(into: [[Int64]]()) { $0.append($1) }
        }
        #expect(numbers.allSatisfy { $0.count == 2 && $0[1] == $0[0] + 1 }, "what is appended together stands together")
        #expect(Set(numbers.joined()) == Set(1...2000))
        #expect(await store.lastSeq == 2000)
        await store.close()
        let result = try sample.verify()
        #expect(result.isIntact && result.entries == 2000, "\(result.text)")
    }

    @Test func aClockThatGoesBackDoesNotTakeTheJournalAlong() async throws {
        let sample = try Sample()
        let store = try sample.open()
        let first = try await store.append([sample.entry(1)])[0].entry.time
        sample.clock.advance(by: .seconds(-3600))
        #expect(try await store.append([sample.entry(2)])[0].entry.time == first)
        await store.close()
        let again = try sample.open()
        #expect(try await again.append([sample.entry(3)])[0].entry.time == first)
        await again.close()
    }

    @Test func aSecondWriterIsToldWhoHoldsTheStore() async throws {
        let sample = try Sample()
        let store = try sample.open()
        let error = #expect(throws: MartletError.self) { try sample.open() }
        #expect(error?.code == .busy)
        #expect(error?.message.contains("another martlet serve (pid \(getpid())) holds") == true)
        // Readers are not kept out.
        try await store.append([sample.entry(1)])
        #expect(try sample.verify().entries == 1)
        await store.close()
        let next = try sample.open()
        await next.close()
        await #expect(throws: MartletError.self) { try await next.append([sample.entry(2)]) }
    }

    @Test func entriesCanNeitherBeChangedNorDeletedThroughSQL() async throws {
        let sample = try Sample()
        try await sample.fill(3)
        let queue = try DatabaseQueue(path: sample.directory.database)
        for sql in [
            "UPDATE entries SET actor = 'x' WHERE seq = 2", "DELETE FROM entries WHERE seq = 3", "UPDATE payloads SET json = x'00'",
            "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 2", "DELETE FROM keys", "UPDATE keys SET since = 9",
            "INSERT INTO payloads VALUES (2, x'00')", "INSERT OR REPLACE INTO payloads VALUES (2, x'00')",
        ] {
            #expect(throws: DatabaseError.self, "\(sql)") { try queue.write { try $0.execute(sql: sql) } }
        }
        try queue.close()
        #expect(try sample.verify().isIntact)
    }

    @Test func retentionDropsPayloadsAndKeepsProofs() async throws {
        let sample = try Sample()
        try await sample.fill(4)
        let store = try sample.open()
        #expect(try await store.dropPayloads(through: 2) == 2)
        let all = try await store.entries()
        #expect(all.map { $0.payload == nil } == [true, true, false, false, false])
        #expect(all[4].type == .payloadsDropped && all[4].payload == ["through": 2], "how far it went is recorded")
        #expect(try await store.dropPayloads(through: 2) == 0)
        #expect(await store.lastSeq == 5, "where nothing is dropped nothing is recorded")
        await store.close()
        let result = try sample.verify()
        #expect(result.isIntact && result.droppedPayloads == 2, "\(result.text)")
        #expect(try sample.verify(pack: sample.export()).isIntact)
    }

    @Test func listenersHearOfEveryEntryInTheEnd() async throws {
        let sample = try Sample()
        let store = try sample.open()
        let stream = await store.appends()
        let listening = Task {
            var seen: [Int64] = []
            for await _ in stream {
                seen += try await store.entries(after: seen.last ?? 0).map(\.entry.seq)
                if seen.last == 50 { break }
            }
            return seen
        }
        for i in 1...50 { try await store.append([sample.entry(i)]) }
        #expect(try await listening.value == Array(1...50))
        await store.close()
    }

    @Test func proofsOfTheStoreHold() async throws {
        let sample = try Sample()
        try await sample.fill(21)
        let store = try sample.open()
        let old = try #require(await store.consistencyProof(from: 21))
        let added = try await store.append((22...40).map { sample.entry($0) })
        let proof = try #require(try await store.consistencyProof(from: 21))
        #expect(MerkleProof.verifyConsistency(from: 21, root: old.root, to: 40, root: proof.root, proof: proof.path))
        let entry = added[3].entry
        let inclusion = try #require(try await store.inclusionProof(of: entry.seq))
        #expect(
            MerkleProof.verifyInclusion(
                leafHash: MerkleHash.leaf(entry.canonicalBytes), index: Int(entry.seq) - 1, size: inclusion.size, proof: inclusion.path,
                root: inclusion.root))
        #expect(try await store.inclusionProof(of: 41) == nil)
        await store.close()
    }
}

@Suite struct Checkpoints {
    @Test func everyPlanTransitionIsSigned() async throws {
        let sample = try Sample()
        try await sample.fill(6, plansAt: [2, 5])
        let checkpoints = try sample.checkpoints()
        #expect(checkpoints.map(\.size) == [2, 5])
        #expect(checkpoints.allSatisfy { $0.hasValidSignature })
        let store = try sample.open()
        #expect(await store.latestCheckpoint() == checkpoints.last)
        await store.close()
    }

    @Test(arguments: [EntryType.planApproved, .planClosed, .operationStarted, .operationEnded, .verificationEnded, .rollbackStarted])
    func transitions(_ type: EntryType) { #expect(type.isPlanTransition) }

    @Test(arguments: [EntryType.stepIntended, .incidentOpened, .controlPaused])
    func noTransitions(_ type: EntryType) { #expect(!type.isPlanTransition) }

    @Test func noMemberCanBeChanged() async throws {
        let sample = try Sample()
        try await sample.fill(1, plansAt: [1])
        let checkpoint = try #require(try sample.checkpoints().first)
        #expect(Checkpoint(json: checkpoint.json) == checkpoint)
        var other = checkpoint
        other.size += 1
        #expect(!other.hasValidSignature)
        other = checkpoint
        other.root = String(repeating: "a", count: 64)
        #expect(!other.hasValidSignature)
        other = checkpoint
        other.time += .seconds(1)
        #expect(!other.hasValidSignature)
        var json = checkpoint.json
        json["key"] = "0000000000000000"
        #expect(Checkpoint(json: json) == nil)
    }

    /// Killed between the commit and the checkpoint, and in the middle of writing one.
    @Test func aCheckpointThatIsOwedIsWrittenAtTheNextStart() async throws {
        let sample = try Sample()
        try await sample.fill(4, plansAt: [2, 4])
        let log = sample.directory.checkpoints
        let text = try String(contentsOfFile: log, encoding: .utf8)
        let lines = text.split(separator: "\n")
        try "\(lines[0])\n\(lines[1].prefix(40))".write(toFile: log, atomically: false, encoding: .utf8)
        #expect(try sample.verify().isIntact)
        let store = try sample.open()
        await store.close()
        #expect(try sample.checkpoints().map(\.size) == [2, 4])
        #expect(try CheckpointLog(sample.directory).read().unreadable.isEmpty)
        #expect(try sample.verify().isIntact)
    }
}
