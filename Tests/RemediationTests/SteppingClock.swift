import Core
import Synchronization

/// A clock that is moved by whoever waits on it: nothing sleeps, and time passes as the engine asks.
final class SteppingClock: WallClock {
    private let time: Mutex<Timestamp>
    /// Asked before each wait; throws once the process is "dead".
    private let gate: @Sendable () throws -> Void

    init(_ start: Timestamp = Timestamp(seconds: Int64(1_800_000_000)), gate: @escaping @Sendable () throws -> Void = {}) {
        time = Mutex(start)
        self.gate = gate
    }

    func now() -> Timestamp { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 = $0 + duration } }

    func sleep(until deadline: Timestamp) async throws {
        try gate()
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline) }
        await Task.yield()
    }
}
