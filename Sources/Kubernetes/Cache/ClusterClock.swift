package import Core
import Synchronization

/// The cluster's own time (INTERFACES section 8): offset and rate are followed from the answers' `Date` and `Martlet-Twin-Speed`.
///
/// `Date` has whole seconds, so each answer only bounds the offset; the bounds of successive answers are cut with each other until a
/// jump of the cluster's clock makes them disagree, and then it starts anew. Between answers it goes on by the base's steady time, so
/// that setting this machine's clock moves no age, window or cooldown. While both clocks may be equal, they are.
///
/// Narrower bounds move the estimate, and half of the time backwards: then time stands still until it has caught up. What was told before
/// the cluster's time was known at all, or before its clock was set, holds nothing up.
package final class ClusterClock: WallClock {
    private struct State {
        /// At `local`, of the base's steady time, the cluster's time is within `earliest...latest`.
        var local: Timestamp
        var earliest: Timestamp
        var latest: Timestamp
        var rate: Double
        /// The latest time that was told.
        var told: Timestamp?

        func moved(_ steady: Timestamp) -> Duration { .seconds((steady - local).secondCount * rate) }

        func estimate(at steady: Timestamp, wall now: Timestamp) -> Timestamp {
            let moved = moved(steady)
            let (low, high) = (earliest + moved, latest + moved)
            if rate == 1 && low <= now && now <= high { return now }
            return low + .nanoseconds((high - low).nanosecondCount / 2)
        }
    }

    private let base: any WallClock
    private let state = Mutex<State?>(nil)

    /// Until the first answer it is the base clock's own time.
    package init(following base: any WallClock) { self.base = base }

    package func now() -> Timestamp {
        let (now, steady) = (base.now(), base.steady())
        return state.withLock { state in
            guard let estimate = state?.estimate(at: steady, wall: now) else { return now }
            let time = max(estimate, state?.told ?? estimate)
            state?.told = time
            return time
        }
    }

    private var isKnown: Bool { state.withLock { $0 != nil } }

    /// How many seconds of the cluster pass in one of ours.
    package var rate: Double { state.withLock { $0?.rate ?? 1 } }

    /// A deadline that was reckoned before the first answer, by the base clock, moves with what that answer tells of the offset.
    package func sleep(until deadline: Timestamp) async throws {
        var deadline = deadline
        var isKnown = isKnown
        while true {
            if !isKnown, self.isKnown {
                isKnown = true
                deadline = deadline + (now() - base.now())
            }
            let left = (deadline - now()).secondCount
            if left <= 0 { return try Task.checkCancellation() }
            // Looks again every so often: the offset or the speed may have changed meanwhile.
            let rate = self.rate
            let wait = rate > 0 ? left / rate : 1
            try await base.sleep(for: .nanoseconds(Int64(max(1e5, min(wait, 30) * 1e9))))
        }
    }

    /// Follows one answer. `sentAt` is the base's steady time when the call was sent.
    package func observe(_ answer: HTTPAnswer, sentAt: Timestamp) {
        guard let date = answer.header("Date").flatMap(Timestamp.init(httpDate:)) else { return }
        let speed = answer.header("Martlet-Twin-Speed").flatMap(Double.init) ?? 1
        observe(date: date, rate: speed.isFinite && speed >= 0 ? speed : 1, sentAt: sentAt, receivedAt: base.steady())
    }

    /// `date` was the cluster's time, cut to the second, at some moment between sending and receiving, which are the base's steady time.
    package func observe(date: Timestamp, rate: Double, sentAt: Timestamp, receivedAt: Timestamp) {
        let travel = Duration.seconds(max(0, (receivedAt - sentAt).secondCount) * rate)
        let fresh = State(local: receivedAt, earliest: date, latest: date + .seconds(1) + travel, rate: rate)
        state.withLock { state in
            guard let old = state, old.rate == rate, receivedAt >= old.local else {
                state = fresh
                return
            }
            let moved = old.moved(receivedAt)
            // Oscillators differ by some parts in ten thousand: old knowledge widens as it ages.
            let age = Duration.seconds(abs(moved.secondCount) * 2e-4)
            let earliest = max(fresh.earliest, old.earliest + moved - age)
            let latest = min(fresh.latest, old.latest + moved + age)
            state = earliest <= latest ? State(local: receivedAt, earliest: earliest, latest: latest, rate: rate, told: old.told) : fresh
        }
    }
}

extension Timestamp {
    /// Reads the date of HTTP (RFC 9110 section 5.6.7, the fixed form): `Sat, 21 Nov 2026 13:29:54 GMT`.
    package init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", parts[1].count == 2, let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        self.init("\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }
}
