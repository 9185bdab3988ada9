import Core
import Synchronization

/// A token bucket: `perSecond` calls in the long run, `burst` at once. Callers wait in the order in which they came.
final class RateLimiter: Sendable {
    private let perSecond: Double
    private let burst: Double
    private let clock: any WallClock
    private let state: Mutex<(tokens: Double, at: Timestamp)>

    /// Zero or less lets everything through.
    init(perSecond: Double, burst: Double, clock: any WallClock) {
        self.perSecond = perSecond
        self.burst = max(1, burst)
        self.clock = clock
        state = Mutex((max(1, burst), clock.steady()))
    }

    /// Returns when the call may be made. A token is taken at once, also into debt: that is what keeps the order.
    func acquire() async throws {
        guard perSecond > 0 else { return }
        let now = clock.steady()
        let debt = state.withLock { state in
            state.tokens = min(burst, state.tokens + (now - state.at).secondCount * perSecond) - 1
            state.at = now
            return -state.tokens
        }
        if debt > 0 { try await clock.sleep(for: .seconds(debt / perSecond)) }
    }
}
