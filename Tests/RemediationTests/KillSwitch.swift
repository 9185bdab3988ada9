import Core
import Journal
import Synchronization

struct Killed: Error {}

/// `kill -9` at the n-th point: that point and everything after it throws, as nothing runs in a dead process.
final class KillSwitch: Sendable {
    private let state = Mutex<(count: Int, at: Int?, dead: Bool, labels: [String])>((0, nil, false, []))

    init(at point: Int? = nil) { state.withLock { $0.at = point } }

    func point(_ label: String) throws {
        let dead = state.withLock { state in
            if !state.dead {
                state.count += 1
                state.labels.append(label)
                if state.count == state.at { state.dead = true }
            }
            return state.dead
        }
        // As cancellation, so that nothing inside takes it for a failure of the cluster and tries again.
        if dead { throw CancellationError() }
    }

    var isDead: Bool { state.withLock { $0.dead } }
    var labels: [String] { state.withLock { $0.labels } }
}

/// The journal of a process that can be killed before and after each append.
struct MortalJournal: JournalAppending {
    let base: MemoryJournal
    let kill: KillSwitch

    func append(_ entries: [NewEntry]) async throws -> [RecordedEntry] {
        let label = entries.map(\.type.rawValue).joined(separator: "+")
        try kill.point("before \(label)")
        let recorded = try await base.append(entries)
        try kill.point("after \(label)")
        return recorded
    }
}
