import Core
import HTTPTypes

/// Remembers the answers to changes that carried an `Idempotency-Key`, for a day: a repeated request gets the same answer and
/// changes nothing. Kept in memory; what must not happen twice after a restart is guarded by the state of the thing itself.
actor IdempotencyKeys {
    private enum Memory { case running(request: String), done(request: String, answer: Answer, at: Timestamp) }

    enum Decision: Sendable { case run, replay(Answer) }

    private static let lifetime = Duration.seconds(86_400)
    private static let capacity = 2_000

    private var memory: [String: Memory] = [:]
    private var order: [String] = []
    private let clock: any WallClock

    init(clock: any WallClock) { self.clock = clock }

    /// Whether to run a request or to repeat an answer. `request` tells requests apart: method, path and body.
    /// - Throws: `conflict` while the first is still running, `invalid` when the key belongs to another request.
    func begin(_ key: String, request: String) throws(MartletError) -> Decision {
        let now = clock.steady()
        switch memory[key] {
        case .running(let first):
            guard first == request else { throw Self.differs }
            throw MartletError(.conflict, "the first request with this Idempotency-Key is still running", fix: "ask again in a moment")
        case .done(let first, let answer, let at) where now - at < Self.lifetime:
            guard first == request else { throw Self.differs }
            return .replay(answer)
        default:
            if memory[key] == nil { order.append(key) }
            memory[key] = .running(request: request)
            while order.count > Self.capacity { memory[order.removeFirst()] = nil }
            return .run
        }
    }

    private static let differs = MartletError(.invalid, "this Idempotency-Key was used for another request", fix: "use a new key")

    /// Remembers the answer; one that says "try again" is forgotten, so that trying again is possible.
    func end(_ key: String, request: String, _ answer: Answer) {
        if answer.status >= 500 || answer.status == 429 || answer.status == 401 {
            memory[key] = nil
            order.removeAll { $0 == key }
        } else if memory[key] != nil {
            memory[key] = .done(request: request, answer: answer, at: clock.steady())
        }
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let idempotentReplayed = HTTPField.Name("Idempotent-Replayed")!
    static let formToken = HTTPField.Name("X-Martlet-Form")!
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
