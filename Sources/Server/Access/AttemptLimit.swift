package import Core
import Synchronization

/// Slows down whoever presents wrong credentials: ten at once and one every six seconds for each address. Right credentials are
/// never refused by it, so that nobody can lock others out.
package final class AttemptLimit: Sendable {
    private struct Bucket { var tokens: Double; var time: Timestamp }

    private static let burst = 10.0
    private static let secondsPerAttempt = 6.0
    private static let capacity = 10_000

    private let buckets = Mutex<[String: Bucket]>([:])
    private let clock: any WallClock

    package init(clock: any WallClock) { self.clock = clock }

    /// Counts a failure. The seconds to wait when the address has had too many, else nil.
    package func failed(_ address: String) -> Int? {
        let now = clock.steady()
        return buckets.withLock { buckets in
            if buckets.count >= Self.capacity {  // buckets that are full again say nothing; if none is, forget all rather than grow
                buckets = buckets.filter { (now - $0.value.time).secondCount < Self.burst * Self.secondsPerAttempt }
                if buckets.count >= Self.capacity { buckets = [:] }
            }
            var bucket = buckets[address] ?? Bucket(tokens: Self.burst, time: now)
            bucket.tokens = min(Self.burst, bucket.tokens + (now - bucket.time).secondCount / Self.secondsPerAttempt)
            bucket.time = now
            defer { buckets[address] = bucket }
            guard bucket.tokens >= 1 else { return Int(((1 - bucket.tokens) * Self.secondsPerAttempt).rounded(.up)) }
            bucket.tokens -= 1
            return nil
        }
    }
}
