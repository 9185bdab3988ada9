import Core
import Synchronization

/// Ends work that shows no sign of life for too long.
final class Watchdog: Sendable {
    private let clock: any WallClock
    private let limit: Duration
    private let lastSign: Mutex<Timestamp>

    init(clock: any WallClock, limit: Duration) {
        self.clock = clock
        self.limit = limit
        lastSign = Mutex(clock.steady())
    }

    func touch() {
        let now = clock.steady()
        lastSign.withLock { $0 = now }
    }

    /// Runs `work`; when it is silent for too long it is cancelled, and `WatchStalled` thrown.
    func guarding(_ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: work)
            group.addTask { try await self.bark() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func bark() async throws {
        while true {
            let left = limit - (clock.steady() - lastSign.withLock { $0 })
            if left <= .zero { throw WatchStalled() }
            try await clock.sleep(for: left)
        }
    }
}
