package import Twin

extension SimulatedCluster {
    /// Runs something that waits on the cluster's clock, and moves the clock for it.
    package nonisolated func whileTimePasses<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task(operation: body)
        let ticker = Task {
            while !Task.isCancelled {
                if let next = clock.nextDeadline { await advance(to: next) } else { await Task.yield() }
            }
        }
        defer { ticker.cancel() }
        return try await task.value
    }
}
