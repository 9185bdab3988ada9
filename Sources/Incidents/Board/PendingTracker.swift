import Core

/// For how long has been seen what is not an incident yet: the time for which an alerting rule is pending (Prometheus, `for`).
///
/// Time in which a thing is seen counts in full; of time in which it is not, a quarter is taken off again. So what comes and goes becomes an
/// incident after a while, and what shows now and then for some seconds never does. It lives beside the journal, since it changes no state;
/// after a restart the wait begins anew.
package struct PendingTracker: Sendable, Hashable {
    private struct Seen: Hashable {
        var time = Duration.zero
        var isThere = true
    }

    /// By the fingerprints of findings and causes.
    private var seen: [String: Seen] = [:]
    private var lastLook: Timestamp?

    package init() {}

    /// Takes in which causes with a patience a look has found. A look later than `longest` after the one before counts for nothing: nobody
    /// saw what was between them.
    mutating func look(_ causes: [Cause], at now: Timestamp, longest: Duration) {
        let pause = lastLook.map { max(now - $0, .zero) } ?? .zero
        let elapsed = pause > longest ? .zero : pause
        lastLook = now
        let there = Set(causes.filter { $0.patience > .zero }.flatMap(\.pendingKeys))
        seen = seen.compactMapValues { old in
            let time = old.isThere ? old.time + elapsed : old.time - elapsed / 4
            return time > .zero || old.isThere ? Seen(time: max(time, .zero), isThere: false) : nil
        }
        for key in there { seen[key, default: Seen()].isThere = true }
    }

    /// Whether a cause has been seen for as long as it is given to pass by itself.
    func isOver(_ cause: Cause) -> Bool {
        let time = cause.pendingKeys.compactMap { seen[$0]?.time }.max() ?? .zero
        return time >= cause.patience
    }
}

extension Cause {
    fileprivate var pendingKeys: [String] { findings.map(\.fingerprint) + [fingerprint] }
}
