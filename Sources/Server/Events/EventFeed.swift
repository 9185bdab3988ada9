package import Core
import Logging
import ServiceLifecycle

/// Tells open streams that the journal grew, and, when it is quiet, that the connection is alive.
///
/// A stream reads the journal by itself, so what a slow reader costs is its own connection and nothing else: no entry is queued for
/// it, none is lost for it, and nobody waits for it.
package actor EventFeed: Service {
    /// How often a quiet stream says that it is alive.
    package static let keepAlive = Duration.seconds(15)

    private let backend: any ServerBackend
    private let clock: any WallClock
    private var readers: [Int: AsyncStream<Void>.Continuation] = [:]
    private var nextID = 0
    private var isClosed = false

    package init(backend: any ServerBackend, clock: any WallClock) {
        self.backend = backend
        self.clock = clock
    }

    var readerCount: Int { readers.count }

    package func run() async throws {
        let entries = await backend.recordedEntries()
        let clock = clock
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in entries.cancelOnGracefulShutdown() { await self.wake() } }
            group.addTask {
                await cancelWhenGracefulShutdown {
                    while (try? await clock.sleep(for: Self.keepAlive)) != nil { await self.wake() }
                }
            }
            // The entries end at shutdown, or when the backend is gone: either way there is nothing more to tell.
            await group.next()
            group.cancelAll()
        }
        close()
    }

    private func wake() { for continuation in readers.values { continuation.yield() } }

    private func close() {
        isClosed = true
        for continuation in readers.values { continuation.finish() }
        readers = [:]
    }

    /// Wakes once at once, then whenever there may be something to read. Wakes that come while one is pending are one.
    func wakes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        guard !isClosed else { continuation.finish(); return stream }
        let id = nextID
        nextID += 1
        readers[id] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.remove(id) } }
        continuation.yield()
        return stream
    }

    private func remove(_ id: Int) { readers[id] = nil }
}
