import Core
import Kubernetes
import Synchronization

/// Gives prepared answers in order and remembers the calls.
final class ScriptedTransport: Transport {
    private let state: Mutex<(answers: [Result<HTTPAnswer, TransportError>], calls: [HTTPCall])>

    init(_ answers: [Result<HTTPAnswer, TransportError>]) { state = Mutex((answers, [])) }

    convenience init(_ answers: HTTPAnswer...) { self.init(answers.map { .success($0) }) }

    var calls: [HTTPCall] { state.withLock { $0.calls } }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        try state.withLock { state in
            state.calls.append(call)
            guard !state.answers.isEmpty else { throw TransportError(.closed, "nothing is prepared for \(call.method) \(call.path)") }
            return try state.answers.removeFirst().get()
        }
    }
}

/// Passes time at once, so that waiting costs nothing.
struct HastyClock: WallClock {
    private final class Now: Sendable { let value = Mutex(Timestamp(nanoseconds: 1_800_000_000_000_000_000)) }
    private let time = Now()

    func now() -> Timestamp { time.value.withLock { $0 } }

    func sleep(until deadline: Timestamp) async throws {
        try Task.checkCancellation()
        time.value.withLock { $0 = max($0, deadline) }
    }
}

extension HTTPAnswer {
    static func json(_ status: Int, _ text: String, _ headers: [(name: String, value: String)] = []) -> HTTPAnswer {
        HTTPAnswer(status: status, headers: headers, body: HTTPBody(Array(text.utf8)))
    }

    static func failure(_ code: Int, _ reason: String, _ message: String = "no", _ headers: [(name: String, value: String)] = [])
        -> HTTPAnswer
    {
        .json(code, #"{"kind":"Status","message":"\#(message)","reason":"\#(reason)","code":\#(code)}"#, headers)
    }
}
