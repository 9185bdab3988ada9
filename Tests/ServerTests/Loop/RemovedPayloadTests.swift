import Core
import GRDB
import Journal
import Logging
import Testing

@testable import Server

@Suite struct RemovedPayloads {
    /// A server that starts on a journal from which somebody took payloads says so; one whose retention dropped them has nothing to say.
    @Test func areSaidAtTheStart() async throws {
        let folder = try TemporaryFolder()
        let clock = SettableClock()
        var store = try JournalStore(directory: StoreDirectory(folder.path), clock: clock)
        for number in 1...5 {
            _ = try await store.append([
                NewEntry(
                    type: .controlPaused, cluster: "", environment: "", subject: "", actor: "ana", payload: ["reason": "test \(number)"])
            ])
        }
        try await store.dropPayloads(through: 1)
        await store.close()
        #expect(try await Self.start(folder, clock).isEmpty)

        let queue = try DatabaseQueue(path: folder.path + "/journal.db")
        try await queue.write { try $0.execute(sql: "DELETE FROM payloads WHERE seq IN (2, 4)") }
        try queue.close()
        let lines = try await Self.start(folder, clock)
        let line = try #require(lines.first)
        #expect(
            line.hasPrefix("payloads were removed from \(folder.path)/journal.db: those of entries 2, 4, and retention dropped only those"))
        #expect(line.contains("fix=") && line.contains("martlet journal verify"))
        store = try JournalStore(directory: StoreDirectory(folder.path), clock: clock)
        await store.close()
    }

    private static func start(_ folder: TemporaryFolder, _ clock: SettableClock) async throws -> [String] {
        let log = LogLines()
        let composition = try await Composition(
            configuration: Configuration(home: folder.path), clusters: [], version: "0.1.0-test", clock: clock, seed: 1,
            logger: Logger(label: "test") { _ in log })
        await composition.store.close()
        return log.all
    }
}
