package import Core
import Synchronization

/// A clock that stands still until it is moved. Sleepers wake in the order of their deadlines, equal ones in the order in which they
/// went to sleep.
package final class VirtualClock: WallClock {
    private struct Sleeper {
        let deadline: Timestamp
        let number: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var next = 0
    }

    private let state: Mutex<State>

    package init(_ now: Timestamp) { state = Mutex(State(now: now)) }

    package func now() -> Timestamp { state.withLock { $0.now } }

    /// The earliest time at which somebody wants to wake.
    package var nextDeadline: Timestamp? { state.withLock { $0.sleepers.map(\.deadline).min() } }

    /// Moves the clock forwards (never back) and wakes who is due.
    package func advance(to time: Timestamp) {
        let due = state.withLock { state -> [Sleeper] in
            guard time > state.now else { return [] }
            state.now = time
            let due = state.sleepers.filter { $0.deadline <= time }
            state.sleepers.removeAll { $0.deadline <= time }
            return due
        }
        for sleeper in due.sorted(by: { ($0.deadline, $0.number) < ($1.deadline, $1.number) }) { sleeper.continuation.resume() }
    }

    package func sleep(until deadline: Timestamp) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        defer { state.withLock { _ = $0.cancelled.remove(number) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                enum Outcome { case wait, done, cancelled }
                let outcome = state.withLock { state -> Outcome in
                    if state.cancelled.remove(number) != nil || Task.isCancelled { return .cancelled }
                    if deadline <= state.now { return .done }
                    state.sleepers.append(Sleeper(deadline: deadline, number: number, continuation: continuation))
                    return .wait
                }
                switch outcome {
                case .wait: break
                case .done: continuation.resume()
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let at = state.sleepers.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.sleepers.remove(at: at)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
