import Core
import Kubernetes

/// What was measured of one pod.
struct PodSignals: Sendable {
    /// As the series name it: it may be gone.
    let name: String
    /// The node, where the pod is still there.
    var node: String?
    /// Answered requests a second; of them failed; and the mean time to answer in seconds.
    var requests: Tally = Tally()
    var failures: Tally = Tally()
    var time: Tally = Tally()
    var answered: Tally = Tally()
    /// Seconds of CPU a second.
    var cpu: Tally = Tally()
    var throttled: Tally = Tally()
    var periods: Tally = Tally()

    /// Sums over the two stretches of time that are compared.
    struct Tally: Sendable {
        var before = 0.0
        var now = 0.0
        /// Whether anything was measured then.
        var hasBefore = false
        var hasNow = false

        static func + (a: Tally, b: Tally) -> Tally {
            Tally(before: a.before + b.before, now: a.now + b.now, hasBefore: a.hasBefore || b.hasBefore, hasNow: a.hasNow || b.hasNow)
        }
    }

    /// Seconds.
    var latencyNow: Double? { answered.now > 0 ? time.now / answered.now : nil }
}

/// What was measured of the pods of one workload, those that are gone included.
struct WorkloadSignals: Sendable {
    let workload: Int
    var pods: [PodSignals] = []

    private func sum(_ value: KeyPath<PodSignals, PodSignals.Tally>) -> PodSignals.Tally {
        pods.reduce(PodSignals.Tally()) { $0 + $1[keyPath: value] }
    }

    /// Requests a second.
    var rate: Shift? {
        let tally = sum(\.requests)
        return tally.hasNow ? Shift(before: tally.hasBefore ? tally.before : nil, now: tally.now) : nil
    }
    /// Whether requests were measured at all: of a database mostly none are.
    var hasRequests: Bool { max(rate?.now ?? 0, rate?.before ?? 0) > 0 }
    /// The share of requests that fail; nil where next to none are made.
    var errorShare: Shift? {
        let (all, failed) = (sum(\.requests), sum(\.failures))
        guard all.now > 0.2 else { return nil }
        return Shift(before: all.before > 0.2 ? failed.before / all.before : nil, now: failed.now / all.now)
    }
    /// Mean time to answer in seconds.
    var latency: Shift? {
        let (count, time) = (sum(\.answered), sum(\.time))
        guard count.now > 0.2 else { return nil }
        return Shift(before: count.before > 0.2 ? time.before / count.before : nil, now: time.now / count.now)
    }
    /// Cores.
    var cpu: Shift? {
        let tally = sum(\.cpu)
        return tally.hasNow ? Shift(before: tally.hasBefore ? tally.before : nil, now: tally.now) : nil
    }
    /// The share of periods in which the CPU limit was used up, now; nil where no limit was measured.
    var throttledShare: Double? {
        let (periods, throttled) = (sum(\.periods), sum(\.throttled))
        return periods.now > 0 ? throttled.now / periods.now : nil
    }

    /// Longer than it was, by as much as people notice (a tenth of a second: Nielsen, Usability Engineering, 1993, section 5.5); without a past to
    /// compare with, more than a second.
    var isSlow: Bool {
        guard let latency else { return false }
        guard let before = latency.before else { return latency.now > 1 }
        return latency.now > before * 1.8 && latency.now - before > 0.1
    }
    /// More fails than did, and more than a blip.
    var isFailing: Bool {
        guard let errorShare else { return false }
        return errorShare.now > 0.04 && errorShare.now > 3 * (errorShare.before ?? 0) + 0.01
    }
    var isAffected: Bool { isSlow || isFailing }
}
