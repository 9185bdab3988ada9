import Foundation

/// Time as it is injected everywhere: a wall clock that can be waited on. Production reads the system's; tests and the twin
/// bring their own, so that any run can be replayed.
package protocol WallClock: Sendable {
    func now() -> Timestamp
    /// Returns once `now()` has reached `deadline`; throws `CancellationError` when the task is cancelled first.
    func sleep(until deadline: Timestamp) async throws
}

extension WallClock {
    package func sleep(for duration: Duration) async throws { try await sleep(until: now() + duration) }
}

/// The machine's own clock.
package struct SystemClock: WallClock {
    package init() {}

    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package func sleep(until deadline: Timestamp) async throws {
        let wait = deadline - now()
        if wait > .zero { try await Task.sleep(for: wait) } else { try Task.checkCancellation() }
    }
}
