import Core
import Foundation
import Journal
import Testing

@Suite struct JournalCommandTests {
    private struct FixedClock: WallClock {
        func now() -> Timestamp { Timestamp(seconds: Int64(1_700_000_000)) }
        func sleep(until deadline: Timestamp) async throws {}
    }

    private func store() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let store = try JournalStore(directory: StoreDirectory(folder.path + "/home"), clock: FixedClock())
        for number in 1...3 {
            _ = try await store.append([
                NewEntry(
                    type: .controlPaused, cluster: "", environment: "", subject: "control", actor: "mara",
                    payload: ["reason": "test \(number)"])
            ])
        }
        await store.close()
        return folder
    }

    @Test func verifiesExportsAndVerifiesThePack() async throws {
        let folder = try await store()
        let home = folder.path + "/home", pack = folder.path + "/pack.jsonl"
        let verified = try await Program.run("journal", "verify", "--home", home)
        #expect(verified.status == 0, "\(verified.output)\(verified.error)")
        #expect(verified.output.contains("intact"))
        #expect(
            try await Program.run("journal", "export", "--home", home, "--file", pack, "-o", "json").output
                == "{\n  \"file\": \"\(pack)\",\n  \"entries\": 3\n}\n")
        #expect(try await Program.run("journal", "verify", pack).status == 0)
        let text = try String(contentsOfFile: pack, encoding: .utf8)
        try Data(text.replacing("test 2", with: "test 9").utf8).write(to: URL(fileURLWithPath: pack))
        let changed = try await Program.run("journal", "verify", pack, "-o", "json")
        #expect(changed.status == 3)
        #expect(try JSON(parsing: changed.output)["intact"] == false)
    }

    @Test func withoutAStoreItSaysSo() async throws {
        let outcome = try await Program.run("journal", "verify", "--home", "/nonexistent/home")
        #expect(outcome.status == 1)
        #expect(outcome.error.hasPrefix("error: "))
    }
}
