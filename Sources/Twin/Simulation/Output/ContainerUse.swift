import Core

/// What a container has answered and uses at a moment: as load makes it, or steady where no load reaches it.
extension ContainerWorker {
    func answered(at now: Timestamp) -> AnsweredRequests {
        if let load { return load.answered }
        let counted = traffic(at: now)
        var answered = AnsweredRequests()
        answered.add([counted.served, counted.failed, 0, 0, 0], in: ResponseTime(median: behaviour.latency.secondCount))
        return answered
    }

    private func traffic(at now: Timestamp) -> Traffic {
        guard isRunning, !isStopping else { return traffic }
        return traffic.counted(until: now, rate: behaviour.requests, errorShare: behaviour.errorRate)
    }

    /// Median time to answer.
    var latency: Duration { load.map { .seconds($0.responseTime.median) } ?? behaviour.latency }

    /// Cores in use.
    var cpuInUse: Double { load?.cpu ?? behaviour.cpu }

    /// CPU time used since the process began.
    func cpuSeconds(at now: Timestamp) -> Double { load?.cpuSeconds ?? behaviour.cpu * (now - (runningSince ?? now)).secondCount }

    /// Bytes in use.
    func memory(at now: Timestamp) -> Double {
        guard let since = runningSince else { return 0 }
        return behaviour.memory.bytes(after: now - since)
    }

    /// Messages that wait in its queue; nil: it has none.
    func backlog(at now: Timestamp) -> Double? {
        guard let backlog = behaviour.backlog, let since = changedSince else { return nil }
        return backlog.bytes(after: now - since).rounded(.down)
    }

    /// How long the oldest of them has waited, first come first served, in seconds.
    func backlogAge(at now: Timestamp) -> Double? {
        guard let waiting = backlog(at: now), let growth = behaviour.backlog?.growth else { return nil }
        return waiting / max(1, growth + behaviour.requests)
    }

    /// The state from which load goes on: counters do not fall when it comes.
    func loadBegun(at now: Timestamp) -> ContainerLoad {
        var result = ContainerLoad()
        result.answered = answered(at: now)
        result.cpuSeconds = cpuSeconds(at: now)
        result.responseTime = ResponseTime(median: behaviour.latency.secondCount)
        return result
    }
}
