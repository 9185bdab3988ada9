import Synchronization

/// How many requests are answered at once, as the real server limits them: beyond its seats a request gets 429 with `Retry-After`
/// (kubernetes.io "API Priority and Fairness": administrators are exempt, and so is what runs long).
final class RequestSeats: Sendable {
    private let limit: Int
    private let taken = Mutex(0)

    init(limit: Int) { self.limit = limit }

    /// The answer of `handling`, or the refusal when all seats are taken.
    func answer(
        _ request: TwinRequest, _ tokens: [String: UserInfo], _ handling: @Sendable (TwinRequest) async throws -> TwinAnswer
    ) async throws -> TwinAnswer {
        let isExempt = TwinAPI.known(request, tokens: tokens)?.groups.contains("system:masters") == true
        if isExempt || request.flag("watch") || request.flag("follow") { return try await handling(request) }
        let isSeated = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        guard isSeated else {
            return TwinAnswer(
                status: 429,
                headers: [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"), ("Retry-After", "1")],
                body: .full(Array("Too many requests, please try again later.\n".utf8)))
        }
        defer { taken.withLock { $0 -= 1 } }
        return try await handling(request)
    }
}
