import Core
import Foundation
import Synchronization
import Twin

/// Stands between a server and its cluster, counts the writes that are not dry runs and, at the chosen one, kills the server.
final class WriteWatch: Sendable {
    struct ConnectionLost: Error {}

    private struct State {
        var victim: Int32?
        var point: KillPoint?
        var count = 0
        /// A write of a dead process that is still on its way: it arrives just before the next one.
        var late: TwinRequest?
    }

    private let cluster: SimulatedCluster
    private let state = Mutex(State())

    init(_ cluster: SimulatedCluster) { self.cluster = cluster }

    /// How many writes the present process has sent.
    var count: Int { state.withLock { $0.count } }

    /// Starts to count for a process that is about to be started.
    func expect(_ point: KillPoint?) {
        state.withLock { state in
            (state.victim, state.point, state.count) = (nil, point, 0)
        }
    }

    func watch(_ process: Int32) { state.withLock { $0.victim = process } }

    func handle(_ request: TwinRequest) async throws -> TwinAnswer {
        guard ["POST", "PUT", "PATCH", "DELETE"].contains(request.method), !request.path.contains("review"),
            !request.query.contains(where: { $0.name == "dryRun" })
        else { return await cluster.handle(request) }
        let (moment, victim, late) = state.withLock { state -> (KillPoint.Write?, Int32?, TwinRequest?) in
            state.count += 1
            let late = state.late
            state.late = nil
            guard case .write(state.count, let moment) = state.point, let victim = state.victim else { return (nil, nil, late) }
            if moment == .late { state.late = request }
            return (moment, victim, late)
        }
        if let late { _ = await cluster.handle(late) }
        if moment == .applied { _ = await cluster.handle(request) }
        guard moment != nil, let victim else { return await cluster.handle(request) }
        kill(victim, SIGKILL)
        throw ConnectionLost()
    }
}
