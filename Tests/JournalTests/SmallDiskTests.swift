import Core
import Foundation
import MartletTesting
import Testing

@testable import Journal

/// A device that is really full. Needs a file system of a few megabytes, mounted empty at the path in `MARTLET_SMALL_DISK`.
@Suite struct SmallDisk {
    static let path = ProcessInfo.processInfo.environment["MARTLET_SMALL_DISK"]

    @Test(.enabled(if: path != nil)) func theJournalRidesOutAFullDevice() async throws {
        let path = try #require(SmallDisk.path)
        let directory = StoreDirectory(path + "/store")
        let ballast = path + "/ballast"
        try Data(count: 400_000).write(to: URL(fileURLWithPath: ballast))
        let store = try JournalStore(directory: directory, clock: ManualClock())
        var written: Int64 = 0
        var failure: MartletError?
        func append() async throws -> [RecordedEntry] {
            try await store.append([
                NewEntry(
                    type: .planProposed, cluster: "eu-1", environment: "prod", subject: "p", actor: "martlet",
                    payload: ["text": .string(String(repeating: "x", count: 3000))])
            ])
        }
        while failure == nil, written < 100_000 {
            do { written = try await append().last?.entry.seq ?? 0 } catch let error as MartletError { failure = error }
        }
        #expect(failure?.code == .io, "\(failure.map(\.description) ?? "never full")")
        #expect(try await store.entries(after: written - 1).map(\.entry.seq) == [written])
        for _ in 1...3 { await #expect(throws: MartletError.self) { try await append() } }
        try FileManager.default.removeItem(atPath: ballast)
        #expect(try await append().map(\.entry.seq) == [written + 1])
        #expect(await store.checkpointFailure == nil)
        await store.close()
        let reader = try JournalReader(directory: directory)
        let result = try reader.verify()
        #expect(result.isIntact && result.entries == written + 1, "\(result.text)")
        reader.close()
        try FileManager.default.removeItem(atPath: directory.path)
    }
}
