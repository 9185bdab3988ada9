import Core
import Foundation

extension Verification {
    func readiness(_ before: VitalSigns?, _ after: [VitalSigns]) -> Judgement {
        let held = closing(after).compactMap { signs in
            signs.desired.flatMap { desired in signs.ready.map { (ready: $0, desired: desired) } }
        }
        guard held.count >= 2, let end = held.last else {
            return Judgement(verdict: .inconclusive, text: "readiness could not be measured")
        }
        let was = before.flatMap { signs in signs.desired.flatMap { desired in signs.ready.map { (ready: $0, desired: desired) } } }
        // Of a rollout that is stuck, the version before goes on serving.
        let others = was.flatMap { was in before?.serving.map { $0 - was.ready } } ?? 0
        let then = was.map { " (\($0.ready) of \($0.desired) before\(others > 0 ? ", and \(others) of another version" : ""))" } ?? ""
        let now = "\(end.ready) of \(end.desired) ready\(then)"
        func share(_ x: (ready: Int, desired: Int)) -> Double { x.desired == 0 ? 1 : Double(x.ready) / Double(x.desired) }
        let worst = held.map(share).min() ?? 0
        switch goal {
        case .hold:
            guard let was else { return Judgement(verdict: .inconclusive, text: "\(now), not known before") }
            return worst >= min(share(was), 1)
                ? Judgement(verdict: .pass, text: now) : Judgement(verdict: .fail, text: "\(now): worse than before")
        case .recover:
            if end.desired == 0 { return Judgement(verdict: .inconclusive, text: "no replica is wanted, so none can be ready") }
            if worst >= 1 { return Judgement(verdict: .pass, text: "\(now), held for \(Verification.seconds(span(closing(after))))") }
            if let was, worst > share(was) { return Judgement(verdict: .inconclusive, text: "\(now): better, not whole") }
            if was == nil, worst > 0 { return Judgement(verdict: .inconclusive, text: "\(now), not known before") }
            return Judgement(verdict: .fail, text: "\(now): it did not help")
        }
    }

    func restarts(_ before: VitalSigns?, _ after: [VitalSigns]) -> Judgement {
        let known = after.filter { $0.restarts != nil }
        guard let last = known.last?.restarts, let first = known.first, known.count >= 2 else {
            return Judgement(verdict: .inconclusive, text: "restarts could not be measured")
        }
        let containers = Double(max(1, last.count))
        let new = Verification.added(from: before?.restarts ?? first.restarts ?? [:], to: last)
        let late = closing(known).first.map { Verification.added(from: $0.restarts ?? [:], to: last) } ?? 0
        let seconds = span(known)
        let earlier = before?.restarts.map { $0.values.reduce(0, +) }
        let then =
            earlier.map { count in
                " (\(count) before\(before?.exposure.map { ", in \(Verification.seconds($0 / Double(max(1, before?.restarts?.count ?? 1))))" } ?? ""))"
            } ?? ""
        let now = "\(new == 0 ? "no restart" : new == 1 ? "1 restart" : "\(new) restarts") in \(Verification.seconds(seconds))\(then)"
        if new == 0 { return Judgement(verdict: .pass, text: now) }
        let exposure = containers * max(1, seconds)
        guard let earlier, let past = before?.exposure, past > 0 else {
            return Judgement(verdict: late > 0 ? .fail : .inconclusive, text: now)
        }
        switch goal {
        case .hold:
            let p = ExactTests.rateIsHigher(new, exposure: exposure, than: earlier, exposure: past)
            return p < Verification.significance
                ? Judgement(verdict: .fail, text: "\(now): more often than before") : Judgement(verdict: .pass, text: now)
        case .recover:
            if late == 0 { return Judgement(verdict: .pass, text: "\(now), none in the last third") }
            let p = ExactTests.rateIsHigher(earlier, exposure: past, than: new, exposure: exposure)
            return p < Verification.significance
                ? Judgement(verdict: .inconclusive, text: "\(now): fewer, not gone")
                : Judgement(verdict: .fail, text: "\(now): it did not help")
        }
    }

    /// Nil where nothing counted requests, neither before nor after: there is then no error rate to watch. Where counters were there and
    /// could not be read to the end, what was read of others may show a failure, and never that all is well.
    func errorRate(_ before: VitalSigns?, _ after: [VitalSigns]) -> Judgement? {
        let seen = seenErrorRate(before, after)
        let end = closing(after)
        guard seen?.verdict != .fail, end.count(where: { $0.missedTraffic == nil }) < 2, let reason = end.compactMap(\.missedTraffic).last
        else { return seen }
        return Judgement(verdict: .inconclusive, text: "the error rate could not be measured: \(reason)")
    }

    private func seenErrorRate(_ before: VitalSigns?, _ after: [VitalSigns]) -> Judgement? {
        let known = after.filter { $0.traffic != nil }
        let was = before?.traffic.map(Verification.total)
        guard known.count >= 2, let now = Verification.served(known) else {
            return (was?.requests ?? 0) > 0 ? Judgement(verdict: .inconclusive, text: "the error rate could not be measured") : nil
        }
        guard now.requests > 0 else {
            return (was?.requests ?? 0) > 0 ? Judgement(verdict: .inconclusive, text: "no request came in") : nil
        }
        let rate = Double(now.errors) / Double(now.requests)
        let ordinary = ExactTests.binomialUpperTail(now.errors, of: min(now.requests, 100_000), p: Verification.ordinaryErrorRate)
        let tooHigh = rate > Verification.ordinaryErrorRate && ordinary < Verification.significance
        guard let was, was.requests > 0 else {
            let text = "\(Verification.percent(rate)) of \(now.requests) requests failed"
            return Judgement(verdict: tooHigh ? .fail : .pass, text: text)
        }
        let past = Double(was.errors) / Double(was.requests)
        let text =
            "\(Verification.percent(rate)) of \(now.requests) requests failed (\(Verification.percent(past)) of \(was.requests) before)"
        let higher = ExactTests.proportionIsHigher(now.errors, of: now.requests, than: was.errors, of: was.requests)
        if higher < Verification.significance, rate > Verification.ordinaryErrorRate { return Judgement(verdict: .fail, text: text) }
        if goal == .hold || past <= Verification.ordinaryErrorRate || !tooHigh { return Judgement(verdict: .pass, text: text) }
        let lower = ExactTests.proportionIsHigher(was.errors, of: was.requests, than: now.errors, of: now.requests)
        return Judgement(verdict: lower < Verification.significance ? .inconclusive : .fail, text: text)
    }

    private func span(_ samples: [VitalSigns]) -> Double {
        guard let first = samples.first, let last = samples.last else { return 0 }
        return (last.time - first.time).secondCount
    }

    /// Restarts since the earlier counts; a container that was not there counts from zero.
    private static func added(from earlier: [String: Int], to later: [String: Int]) -> Int {
        later.reduce(0) { $0 + max(0, $1.value - (earlier[$1.key] ?? 0)) }
    }

    private static func total(_ traffic: [String: VitalSigns.Traffic]) -> (requests: Int, errors: Int) {
        let sorted = traffic.sorted { $0.key < $1.key }.map(\.value)
        return (Int(sorted.reduce(0) { $0 + $1.requests }), Int(sorted.reduce(0) { $0 + $1.errors }))
    }

    /// What was served between the first and the last sample; a counter that fell began anew, a pod that came counts from zero.
    private static func served(_ samples: [VitalSigns]) -> (requests: Int, errors: Int)? {
        guard var previous = samples.first?.traffic else { return nil }
        var requests = 0.0, errors = 0.0
        for sample in samples.dropFirst() {
            for (pod, now) in (sample.traffic ?? [:]).sorted(by: { $0.key < $1.key }) {
                let then = previous[pod].flatMap { $0.requests <= now.requests ? $0 : nil } ?? VitalSigns.Traffic(requests: 0, errors: 0)
                requests += now.requests - then.requests
                errors += max(0, now.errors - then.errors)
                previous[pod] = now
            }
        }
        return (Int(requests), Int(errors))
    }

    private static func percent(_ share: Double) -> String {
        let tenths = (share * 1000).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths)) %" : "\(tenths) %"
    }
}
