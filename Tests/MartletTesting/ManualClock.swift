package import Core
import Synchronization

/// A clock that stands until it is told to move. Sleepers wake when it passes their time.
package final class ManualClock: WallClock {
    private struct State {
        var now: Timestamp
        var sleepers: [Int: (deadline: Timestamp, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var next = 0
    }
    private let state: Mutex<State>

    package init(_ start: Timestamp = Timestamp(seconds: Int64(1_800_000_000))) { state = Mutex(State(now: start)) }

    package func now() -> Timestamp { state.withLock { $0.now } }

    package func set(_ time: Timestamp) {
        let due = state.withLock { state in
            state.now = time
            let due = state.sleepers.filter { $0.value.deadline <= time }.sorted { $0.value.deadline < $1.value.deadline }
            for (id, _) in due { state.sleepers[id] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    package func advance(by duration: Duration) { set(now() + duration) }

    package func sleep(until deadline: Timestamp) async throws {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.now >= deadline || Task.isCancelled { return true }
                    state.sleepers[id] = (deadline, continuation)
                    return false
                }
                if !isOver { return }
                if Task.isCancelled { continuation.resume(throwing: CancellationError()) } else { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
