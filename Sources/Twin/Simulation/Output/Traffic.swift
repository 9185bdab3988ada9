import Core

/// The requests that a process has served, counted in one go when somebody asks: the rate is steady between changes.
struct Traffic: Sendable {
    private(set) var served = 0.0
    private(set) var failed = 0.0
    private var since: Timestamp

    init(from start: Timestamp = Timestamp(nanoseconds: 0)) { since = start }

    /// Counts up to `now` at `rate` a second, of which `errorShare` fail.
    mutating func count(until now: Timestamp, rate: Double, errorShare: Double) {
        guard now > since else { return }
        let requests = rate * (now - since).secondCount
        served += requests * (1 - errorShare)
        failed += requests * errorShare
        since = now
    }

    func counted(until now: Timestamp, rate: Double, errorShare: Double) -> Traffic {
        var copy = self
        copy.count(until: now, rate: rate, errorShare: errorShare)
        return copy
    }
}
