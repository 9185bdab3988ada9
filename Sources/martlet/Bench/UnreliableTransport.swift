import Core
import Kubernetes
import Synchronization

/// A way to an API server on which everything goes wrong now and then, drawn from a seed: connections that are refused or close without
/// an answer, 429, 500 and 503, bodies that are cut, streams that drop, fall silent, say a line twice, or arrive late and overtake
/// each other.
final class UnreliableTransport: Transport {
    private struct State {
        var generator: SeededGenerator
        var faults: [String: Int] = [:]
    }

    private let inner: any Transport
    private let clock: any WallClock
    /// How likely a call meets a fault; an event of a stream does ten times less often.
    private let misfortune: Double
    private let state: Mutex<State>

    init(_ inner: any Transport, clock: any WallClock, seed: UInt64, misfortune: Double) {
        self.inner = inner
        self.clock = clock
        self.misfortune = misfortune
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    /// How often each kind of fault has been met.
    var faults: [String: Int] { state.withLock { $0.faults } }

    private enum CallFault: String, CaseIterable, Sendable {
        case refused, closed, tooMany = "429", internalError = "500", unavailable = "503", expired = "410", cut, late
    }

    private enum LineFault: String, CaseIterable, Sendable {
        case cutLine = "cut line", dropped, silent, twice = "line twice", split = "split line"
    }

    private func draw<Fault: RawRepresentable & CaseIterable & Sendable>(_ likely: Double) -> Fault? where Fault.RawValue == String {
        state.withLock { state in
            guard state.generator.unit() < likely, let fault = Fault.allCases.randomElement(using: &state.generator) else { return nil }
            state.faults[fault.rawValue, default: 0] += 1
            return fault
        }
    }

    private func number(below bound: Int) -> Int { state.withLock { Int($0.generator.next() % UInt64(max(1, bound))) } }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        let fault: CallFault? = draw(misfortune)
        switch fault {
        case .refused: throw TransportError(.unreachable, "connection refused")
        case .closed:
            _ = try await inner.send(call)
            throw TransportError(.closed, "the connection was closed before the answer")
        case .tooMany: return UnreliableTransport.refusal(429, "TooManyRequests", headers: [("Retry-After", "1")])
        case .internalError: return UnreliableTransport.refusal(500, "InternalError")
        case .unavailable: return HTTPAnswer(status: 503, body: HTTPBody(Array("service unavailable\n".utf8)))
        case .expired: return UnreliableTransport.refusal(410, "Expired")
        case .late:
            // The answer is taken now and handed over later: what is asked meanwhile is newer.
            let answer = try await inner.send(call)
            try await clock.sleep(for: .milliseconds(100 + number(below: 20_000)))
            return answer
        case .cut where !call.isLongRunning:
            var answer = try await inner.send(call)
            let bytes = try await answer.body.collect(upTo: .max)
            answer.body = HTTPBody(Array(bytes.prefix(number(below: bytes.count))))
            return answer
        case .cut, nil:
            let answer = try await inner.send(call)
            return call.isLongRunning ? unreliable(answer) : answer
        }
    }

    private func unreliable(_ answer: HTTPAnswer) -> HTTPAnswer {
        var answer = answer
        let stream = Stream(answer.body.makeAsyncIterator())
        answer.body = HTTPBody { [self] in try await next(of: stream) }
        return answer
    }

    /// The stream's reader asks for one piece at a time, so that nothing here is touched twice at once.
    private final class Stream: @unchecked Sendable {
        var iterator: HTTPBody.Iterator
        var pending: [[UInt8]] = []
        var hasEnded = false
        init(_ iterator: HTTPBody.Iterator) { self.iterator = iterator }
    }

    private func next(of stream: Stream) async throws -> [UInt8]? {
        if !stream.pending.isEmpty { return stream.pending.removeFirst() }
        guard !stream.hasEnded, let piece = try await stream.iterator.next() else { return nil }
        let fault: LineFault? = draw(misfortune / 10)
        switch fault {
        case .cutLine:
            stream.hasEnded = true
            return Array(piece.prefix(piece.count / 2))
        case .dropped: return nil
        case .silent:
            // Open, and dead: only the reader's own patience ends it.
            try await clock.sleep(for: .seconds(86_400))
            return nil
        case .twice: stream.pending = [piece]
        case .split:
            stream.pending = [Array(piece.dropFirst(7))]
            return Array(piece.prefix(7))
        case nil: break
        }
        return piece
    }

    private static func refusal(_ code: Int, _ reason: String, headers: [(name: String, value: String)] = []) -> HTTPAnswer {
        let body: JSON = [
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": .string("drawn by lot: \(reason)"),
            "reason": .string(reason), "code": JSON(code),
        ]
        return HTTPAnswer(status: code, headers: headers, body: HTTPBody(body.serialized()))
    }
}
