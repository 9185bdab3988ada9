import Core
import Foundation
import GRDB
import MartletTesting
import Testing

@testable import Journal

@Suite struct Verification {
    @Test(arguments: [
        "v = 2", "time = '2020-01-01T00:00:00Z'", "type = 'plan.approved'", "cluster = 'x'", "environment = 'dev'", "subject = 'x'",
        "actor = 'eve'", "payload_hash = hash", "prev = hash", "leaf = x'00'", "hash = prev",
    ])
    func aChangedMemberIsLocated(_ change: String) async throws {
        for seq in [1, 4, 7] as [Int64] {
            let sample = try Sample()
            try await sample.fill(7, plansAt: [3])
            try sample.tamper("UPDATE entries SET \(change) WHERE seq = \(seq)")
            let result = try sample.verify()
            #expect(!result.isIntact && result.exitStatus == 3)
            #expect(result.problems.first?.seq == seq || result.problems.first?.seq == seq - 1, "\(change) \(seq)\n\(result.text)")
            #expect(result.problems.contains { $0.seq == seq }, "\(change) \(seq)\n\(result.text)")
        }
    }

    /// Somebody who changes an entry and makes its own hashes fit again is given away by the entry behind it, or by the signed end.
    @Test(arguments: [1, 4, 6, 7] as [Int64])
    func aReplacedEntryIsLocated(_ seq: Int64) async throws {
        let sample = try Sample()
        try await sample.fill(7, plansAt: [3])
        try sample.tamper("UPDATE entries SET actor = 'eve' WHERE seq = \(seq)")
        try rehash(sample, from: seq, through: seq)
        let result = try sample.verify()
        if seq < 7 {
            #expect(result.problems.first == JournalProblem(.replaced, seq: seq, "entry \(seq + 1) follows another entry than this one"))
        } else {
            #expect(result.problems.map(\.kind) == [.rewritten], "\(result.text)")
        }
    }

    @Test func removedEntriesAreLocated() async throws {
        let sample = try Sample()
        try await sample.fill(9, plansAt: [3])
        try sample.tamper("DELETE FROM entries WHERE seq IN (4, 5)", "DELETE FROM payloads WHERE seq IN (4, 5)")
        #expect(try sample.verify().problems.first == JournalProblem(.removed, seq: 4, "entries 4 to 5 are missing"))
    }

    @Test func aRemovedFirstEntryIsLocated() async throws {
        let sample = try Sample()
        try await sample.fill(3)
        try sample.tamper("DELETE FROM entries WHERE seq = 1")
        let result = try sample.verify()
        #expect(result.problems.first?.kind == .removed && result.problems.first?.seq == 1)
        #expect(result.problems.contains { $0.kind == .payload && $0.seq == 1 })
    }

    @Test func aGapThatWasClosedIsLocated() async throws {
        let sample = try Sample()
        try await sample.fill(9)
        try sample.tamper(
            "DELETE FROM entries WHERE seq = 4", "DELETE FROM payloads WHERE seq = 4", "UPDATE entries SET seq = seq - 1 WHERE seq > 4",
            "UPDATE payloads SET seq = seq - 1 WHERE seq > 4")
        let result = try sample.verify()
        #expect(result.problems.first?.kind == .removed && result.problems.first?.seq == 4, "\(result.text)")
        #expect(result.problems.contains { $0.kind == .cut })
    }

    @Test func anInsertedEntryIsLocated() async throws {
        let sample = try Sample()
        try await sample.fill(8)
        try sample.tamper(
            "UPDATE entries SET seq = -seq WHERE seq >= 5", "UPDATE entries SET seq = 1 - seq WHERE seq < 0",
            "UPDATE payloads SET seq = -seq WHERE seq >= 5", "UPDATE payloads SET seq = 1 - seq WHERE seq < 0",
            "INSERT INTO entries SELECT 5, v, time, type, cluster, environment, subject, 'eve', payload_hash, hash, hash, leaf FROM entries WHERE seq = 4",
            "INSERT INTO payloads SELECT 5, json FROM payloads WHERE seq = 4")
        try rehash(sample, from: 5, through: 5)
        let result = try sample.verify()
        #expect(result.problems.contains { $0.kind == .inserted && $0.seq == 5 }, "\(result.text)")
        #expect(result.problems.filter { $0.seq.map { $0 != 5 } ?? false }.allSatisfy { $0.seq == 9 }, "\(result.text)")
    }

    @Test func entriesAddedAtTheEndBehindMartletsBackAreLocated() async throws {
        let sample = try Sample()
        try await sample.fill(4)
        try sample.tamper(
            "INSERT INTO entries SELECT 5, v, time, type, cluster, environment, subject, 'eve', payload_hash, hash, hash, leaf FROM entries WHERE seq = 4"
        )
        try rehash(sample, from: 5, through: 5)
        let result = try sample.verify()
        #expect(result.problems.map(\.kind) == [.inserted] && result.problems.first?.seq == 5, "\(result.text)")
        #expect(#expect(throws: MartletError.self) { try sample.open() }?.code == .corrupt)
    }

    @Test func reorderedEntriesAreLocated() async throws {
        let sample = try Sample()
        try await sample.fill(9)
        try sample.tamper(
            "UPDATE entries SET seq = 100 WHERE seq = 3", "UPDATE entries SET seq = 3 WHERE seq = 7",
            "UPDATE entries SET seq = 7 WHERE seq = 100",
            "UPDATE payloads SET seq = 100 WHERE seq = 3", "UPDATE payloads SET seq = 3 WHERE seq = 7",
            "UPDATE payloads SET seq = 7 WHERE seq = 100")
        let problems = try sample.verify().problems.filter { $0.kind == .reordered }
        #expect(problems.map(\.seq) == [3, 7])
        #expect(problems.first?.text == "the entry that stands here belongs at 7")
    }

    @Test func aChangedPayloadIsLocated() async throws {
        let sample = try Sample()
        try await sample.fill(5)
        try sample.tamper("UPDATE payloads SET json = CAST('{\"number\":9}' AS BLOB) WHERE seq = 2")
        #expect(try sample.verify().problems.map { [$0.kind.rawValue, "\($0.seq ?? 0)"] } == [["payload", "2"]])
    }

    @Test func payloadsThatNoRetentionDroppedAreLocated() async throws {
        let sample = try Sample()
        try await sample.fill(7)
        try sample.tamper("DELETE FROM payloads WHERE seq IN (2, 4, 5)")
        let result = try sample.verify()
        #expect(result.problems.map { [$0.kind.rawValue, "\($0.seq ?? 0)"] } == [["removed", "2"], ["removed", "4"]])
        #expect(result.text.contains("entry 4: the payloads of entries 4 to 5 are missing, and no retention dropped any"))
        #expect(result.exitStatus == 3 && result.droppedPayloads == 0)
        #expect(try sample.verify(pack: sample.export()).problems == result.problems, "a pack is judged alike")
    }

    @Test func retentionExplainsOnlyWhatItDropped() async throws {
        let sample = try Sample()
        try await sample.fill(6)
        let store = try sample.open()
        try await store.dropPayloads(through: 3)
        await store.close()
        try sample.tamper("DELETE FROM payloads WHERE seq IN (4, 6)")
        let result = try sample.verify()
        #expect(result.problems.map { [$0.kind.rawValue, "\($0.seq ?? 0)"] } == [["removed", "4"], ["removed", "6"]])
        #expect(result.text.contains("entry 4: its payload is missing, and retention dropped only those up to entry 3"))
        #expect(result.droppedPayloads == 3)
        #expect(try sample.verify(pack: sample.export()).problems == result.problems)
        // Whoever takes the record of it away explains nothing any more.
        try sample.tamper("DELETE FROM payloads WHERE seq = 7")
        #expect(try sample.verify().problems.map(\.seq) == [1, 6])
    }

    /// The whole tail made anew, hashes and all, by somebody without the key.
    @Test func aRewrittenTailContradictsWhatWasSigned() async throws {
        let sample = try Sample()
        try await sample.fill(9, plansAt: [3, 6])
        try sample.tamper("UPDATE entries SET actor = 'eve' WHERE seq = 5")
        try rehash(sample, from: 5, through: 9)
        let problem = try #require(try sample.verify().problems.first)
        #expect(problem.kind == .rewritten && problem.text.contains("something in entries 4 to 6"), "\(problem.text)")
    }

    @Test func aCutEndContradictsWhatWasSigned() async throws {
        let sample = try Sample()
        try await sample.fill(9, plansAt: [3])
        try sample.tamper("DELETE FROM entries WHERE seq > 6", "DELETE FROM payloads WHERE seq > 6")
        let problem = try #require(try sample.verify().problems.first)
        #expect(problem.kind == .cut && problem.seq == 7 && problem.text.contains("entries 7 to 9 were cut off"))
        #expect(#expect(throws: MartletError.self) { try sample.open() }?.code == .corrupt)
    }

    /// Somebody with the key and all files can make a store that looks right by itself. The checkpoint kept elsewhere knows better.
    @Test func aKeptCheckpointFindsCutAndRewriteByTheOwnerOfTheKey() async throws {
        let original = try Sample()
        try await original.fill(8, plansAt: [4, 6])
        let kept = try #require(try original.checkpoints().last)
        #expect(try original.verify(kept: [kept]).isIntact)

        let cut = try Sample()
        try await forge(cut, keyOf: original, count: 5)
        #expect(try cut.verify().isIntact)
        let problem = try #require(try cut.verify(kept: [kept]).problems.first)
        #expect(problem.kind == .cut && problem.seq == 6, "\(problem)")

        let rewritten = try Sample()
        rewritten.clock.advance(by: .seconds(9))
        try await forge(rewritten, keyOf: original, count: 8)
        #expect(try rewritten.verify().isIntact)
        #expect(try rewritten.verify(kept: [kept]).problems.map(\.kind) == [.rewritten])

        var unsigned = kept
        unsigned.root = String(repeating: "0", count: 64)
        #expect(try original.verify(kept: [unsigned]).problems.map(\.kind) == [.signature])
        let foreign = try Sample()
        try await foreign.fill(8, plansAt: [6])
        #expect(try foreign.verify(kept: [kept]).problems.map(\.kind).contains(.signature))
    }

    @Test func checkpointFilesAreRead() async throws {
        let sample = try Sample()
        try await sample.fill(4, plansAt: [2, 4])
        #expect(try CheckpointLog.kept(sample.directory.checkpoints).map(\.size) == [2, 4])
        let path = sample.home.path + "/one.json"
        try Data(try sample.checkpoints()[0].json.serialized(pretty: true)).write(to: URL(fileURLWithPath: path))
        #expect(try CheckpointLog.kept(path).map(\.size) == [2])
        #expect(#expect(throws: MartletError.self) { try CheckpointLog.kept(sample.directory.database) }?.code == .invalid)
        #expect(#expect(throws: MartletError.self) { try CheckpointLog.kept(path + ".none") }?.code == .notFound)
    }

    @Test func nonsenseInTheCheckpointLogIsNamed() async throws {
        let sample = try Sample()
        try await sample.fill(2, plansAt: [2])
        let text = try String(contentsOfFile: sample.directory.checkpoints, encoding: .utf8)
        try ("nonsense\n" + text).write(toFile: sample.directory.checkpoints, atomically: true, encoding: .utf8)
        let problems = try sample.verify().problems
        #expect(problems.map(\.text) == ["line 1 of checkpoints.jsonl is no checkpoint"])
    }

    @Test func aCheckpointLogThatIsGoneOrCutIsNoted() async throws {
        let sample = try Sample()
        try await sample.fill(4, plansAt: [2, 4])
        #expect(try sample.verify().notes.isEmpty)
        let lines = try String(contentsOfFile: sample.directory.checkpoints, encoding: .utf8).split(separator: "\n")
        try (lines[0] + "\n").write(toFile: sample.directory.checkpoints, atomically: true, encoding: .utf8)
        #expect(try sample.verify().notes.first?.contains("a plan moved after entry 2") == true)
        try FileManager.default.removeItem(atPath: sample.directory.checkpoints)
        #expect(try sample.verify().notes.first?.contains("a plan moved after entry 0") == true)
    }

    // MARK: Packs

    @Test func anExportedPackProvesItself() async throws {
        let sample = try Sample()
        try await sample.fill(7, plansAt: [3])
        let lines = try sample.export()
        #expect(lines.count == 1 + 7 + 2)
        let result = try sample.verify(pack: lines, kept: try sample.checkpoints())
        #expect(result.isIntact && result.entries == 7 && result.checkpoints == 2, "\(result.text)")
        #expect(result.root == (try sample.verify().root))
    }

    @Test func everyChangeOfAPackIsFound() async throws {
        let sample = try Sample()
        try await sample.fill(6, plansAt: [3])
        let lines = try sample.export()
        func first(_ change: (inout [String]) -> Void) throws -> JournalProblem? {
            var lines = lines
            change(&lines)
            return try sample.verify(pack: lines).problems.first
        }
        for line in 1...6 {
            #expect(try first { $0[line] = $0[line].replacing(#""actor":"ana""#, with: #""actor":"eve""#) }?.seq == Int64(line))
            #expect(try first { $0[line] = $0[line].replacing("payload \(line)", with: "other") }?.kind == .payload)
            #expect(try first { $0[line] = $0[line].replacing(#""v":1"#, with: #""v":1,"more":1"#) }?.seq == Int64(line))
            #expect(try first { $0[line] = $0[line].replacing("Z\"", with: ".0001Z\"") }?.seq == Int64(line))
            #expect(try first { $0.remove(at: line) } != nil)
            #expect(try first { $0.insert($0[line], at: line) } != nil)
            if line < 6 { #expect(try first { $0.swapAt(line, line + 1) } != nil) }
            #expect(try first { $0[line] = "{}" } != nil)
        }
        #expect(try first { $0.removeLast() }?.kind == .inserted)
        #expect(try first { $0.removeLast(2) }?.kind == .signature)
        #expect(#expect(throws: MartletError.self) { try sample.verify(pack: ["{}"]) }?.code == .invalid)
    }

    @Test func theReportIsForPeopleAndMachines() async throws {
        let sample = try Sample()
        try await sample.fill(3)
        #expect(try sample.verify().text.hasPrefix("\(sample.directory.database): intact\n  entries      3\n"))
        try sample.tamper("UPDATE entries SET actor = 'eve' WHERE seq = 2")
        let result = try sample.verify()
        #expect(result.text.contains("NOT intact") && result.text.contains("CHANGED  entry 2: it is not what was recorded"))
        #expect(result.json["intact"]?.bool == false && result.json["problems"]?[0]?["seq"]?.int == 2)
    }

    // MARK: Forging

    /// Makes hashes, leaves and links fit again.
    private func rehash(_ sample: Sample, from first: Int64, through last: Int64) throws {
        let queue = try DatabaseQueue(path: sample.directory.database)
        try queue.write { db in
            for seq in first...last {
                if seq > first {
                    try db.execute(
                        sql: "UPDATE entries SET prev = (SELECT hash FROM entries WHERE seq = ?) WHERE seq = ?", arguments: [seq - 1, seq])
                }
                let row = try Row.fetchOne(db, sql: EntryRow.select + " WHERE e.seq = ?", arguments: [seq]).map(EntryRow.init)
                let bytes = row?.canonicalBytes() ?? []
                try db.execute(
                    sql: "UPDATE entries SET hash = ?, leaf = ? WHERE seq = ?",
                    arguments: [Digest.sha256Hex(bytes), Data(MerkleHash.leaf(bytes)), seq])
            }
        }
        try queue.close()
    }

    private func forge(_ sample: Sample, keyOf original: Sample, count: Int) async throws {
        try sample.directory.create()
        try FileManager.default.copyItem(atPath: original.directory.key, toPath: sample.directory.key)
        try await sample.fill(count, plansAt: [4])
    }
}
