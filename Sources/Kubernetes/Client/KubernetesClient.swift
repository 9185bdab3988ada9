package import Core
import Synchronization

/// Speaks to one API server: paths, retries, rate limit and errors are here; bytes are the transport's.
///
/// Every method throws ``APIError``, or `CancellationError`. Reads and dry runs are repeated a bounded number of times when the
/// server is busy or the answer breaks off; writes only when the server says that it did not carry them out (429 with a time to wait).
package struct KubernetesClient: Sendable {
    package struct Limits: Sendable {
        /// Calls per second in the long run, and at once. Zero: no limit.
        package var callsPerSecond: Double = 50
        package var burst: Double = 100
        package var attempts = 4
        /// The longest body that is held.
        package var body = 256 << 20
        package var pageSize = 500
        /// No answer within this time ends an ordinary call.
        package var longestWait: Duration = .seconds(30)

        package init() {}
    }

    package let transport: any Transport
    package let server: ServerIdentity
    /// This machine's time: waiting and rate limit.
    package let clock: any WallClock
    /// The cluster's own time, followed by the answers.
    package let clusterClock: ClusterClock
    package let limits: Limits
    private let limiter: RateLimiter
    private let seeds: SeedSource

    package init(
        transport: any Transport, server: ServerIdentity = ServerIdentity(url: "the API server"), clock: any WallClock = SystemClock(),
        limits: Limits = Limits(), seed: UInt64 = 1
    ) {
        self.transport = transport
        self.server = server
        self.clock = clock
        self.limits = limits
        clusterClock = ClusterClock(following: clock)
        limiter = RateLimiter(perSecond: limits.callsPerSecond, burst: limits.burst, clock: clock)
        seeds = SeedSource(seed)
    }

    /// A fresh seed, drawn from the client's own.
    func nextSeed() -> UInt64 { seeds.next() }

    func failure(_ reason: APIError.Reason, _ call: HTTPCall) -> APIError {
        APIError(reason, method: call.method, path: call.path, server: server)
    }
}

private final class SeedSource: Sendable {
    private let generator: Mutex<SeededGenerator>
    init(_ seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }
    func next() -> UInt64 { generator.withLock { $0.next() } }
}

// MARK: Sending

extension KubernetesClient {
    /// Sends once and gives the answer's head and open body; an error status becomes an error.
    func open(_ call: HTTPCall) async throws -> HTTPAnswer {
        try await limiter.acquire()
        let answer: HTTPAnswer
        let sent = clock.steady()
        do {
            answer = try await transport.send(call)
        } catch let error as TransportError { throw failure(.transport(error), call) } catch let error as MartletError {
            throw failure(.credentials(error), call)
        }
        clusterClock.observe(answer, sentAt: sent)
        guard (200..<300).contains(answer.status) else {
            let body: [UInt8]
            do { body = try await answer.body.collect(upTo: 1 << 20) } catch is CancellationError { throw CancellationError() } catch {
                body = []
            }
            throw failure(.status(APIStatus(code: answer.status, body: body, retryAfter: answer.header("Retry-After"))), call)
        }
        return answer
    }

    /// Sends once and reads the whole answer.
    private func exchange<Value>(_ call: HTTPCall, _ read: ([UInt8]) throws -> Value) async throws -> Value {
        let answer = try await open(call)
        do {
            return try read(try await answer.body.collect(upTo: limits.body))
        } catch let error as TransportError { throw failure(.transport(error), call) } catch let error as JSONError {
            throw failure(.unreadable(error), call)
        } catch let error as BodyTooLarge { throw failure(.tooLarge(limit: error.limit), call) }
    }

    /// A call and its answer, with the repeats that are safe.
    func send<Value: Sendable>(_ call: HTTPCall, _ read: @escaping @Sendable ([UInt8]) throws -> Value) async throws -> Value {
        var backoff = Backoff(seed: nextSeed())
        var attempt = 1
        while true {
            do {
                return try await exchange(call, read)
            } catch let error as APIError {
                guard attempt < limits.attempts, let wait = KubernetesClient.wait(after: error, of: call, &backoff),
                    wait <= limits.longestWait
                else { throw error }
                try await clock.sleep(for: wait)
                attempt += 1
            }
        }
    }

    /// How long to wait before a repeat; nil when there must be none.
    private static func wait(after error: APIError, of call: HTTPCall, _ backoff: inout Backoff) -> Duration? {
        let isRead = call.changesNothing
        switch error.reason {
        case .credentials, .tooLarge, .endlessList: return nil
        case .unreadable: return isRead ? backoff.next() : nil
        // Who has waited in vain for longer than a server takes need not wait as long again.
        case .transport(let broken): return isRead && [.unreachable, .closed].contains(broken.kind) ? backoff.next() : nil
        case .status(let status):
            switch status.code {
            case 429:
                return status.isBlockedByBudget || (!isRead && status.retryAfter == nil) ? nil : backoff.next(atLeast: status.retryAfter)
            case 500, 502, 503, 504: return isRead ? backoff.next(atLeast: status.retryAfter) : nil
            default: return nil
            }
        }
    }
}
