import Foundation

/// Time as it is injected everywhere: a wall clock that can be waited on. Production reads the system's; tests and the twin
/// bring their own, so that any run can be replayed.
package protocol WallClock: Sendable {
    func now() -> Timestamp
    /// A moment on a scale of its own that nobody sets: only its differences mean something. For how long a thing took or may last,
    /// where a wall clock that is put right meanwhile must not matter.
    func steady() -> Timestamp
    /// Returns once `now()` has reached `deadline`; throws `CancellationError` when the task is cancelled first.
    func sleep(until deadline: Timestamp) async throws
}

extension WallClock {
    /// Of a clock that nobody sets: its own time.
    package func steady() -> Timestamp { now() }

    package func sleep(for duration: Duration) async throws { try await sleep(until: now() + duration) }
}

/// The machine's own clock.
package struct SystemClock: WallClock {
    package init() {}

    package func now() -> Timestamp { SystemClock.read(CLOCK_REALTIME) }

    /// Goes on while the machine sleeps.
    package func steady() -> Timestamp {
        #if os(Linux)
            SystemClock.read(CLOCK_BOOTTIME)
        #else
            SystemClock.read(CLOCK_MONOTONIC)
        #endif
    }

    private static func read(_ id: clockid_t) -> Timestamp {
        var time = timespec()
        clock_gettime(id, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package func sleep(until deadline: Timestamp) async throws {
        let wait = deadline - now()
        if wait > .zero { try await Task.sleep(for: wait) } else { try Task.checkCancellation() }
    }
}
