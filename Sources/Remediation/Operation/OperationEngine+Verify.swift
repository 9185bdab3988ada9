import Core
import Journal

extension OperationEngine {
    /// Measures each target; one that cannot be measured is left out.
    func measure(_ targets: [EntityPath], _ site: Site) async throws -> [EntityPath: VitalSigns] {
        var signs: [EntityPath: VitalSigns] = [:]
        for target in targets {
            do { signs[target] = try await site.vitals.measure(target) } catch let error as CancellationError { throw error } catch {
                continue
            }
        }
        return signs
    }

    /// A watch that ends for lack of time has looked so often: the first look may be too early to show anything.
    private static let fewestLooks = 3
    /// So often a watch begins anew: where measuring takes longer than the window, every look would come after a hole, and a clock that is
    /// set back again and again would have it watch for ever.
    private static let mostBeginnings = 3

    func startVerification(_ record: PlanRecord, inverse: Bool, _ site: Site) async throws {
        let window = record.targets.map { verification(of: $0, record, inverse: inverse).window }.max() ?? 0
        try await append([
            entry(
                .verificationStarted, record, at: site.clock.now(),
                ["inverse": .bool(inverse), "window": .number(window), "before": record.before])
        ])
    }

    /// Watches over the window, on the cluster's time, and judges. After a restart, or where measuring is slow, what was seen by the end
    /// of the window may not be enough to judge by: the watch then lasts up to a window longer, and for three looks at least.
    func verify(_ record: PlanRecord, inverse: Bool, _ site: Site) async throws {
        guard let started = inverse ? record.rollbackVerification : record.verification else { return }
        let window = Duration.nanoseconds(Int64(started.window * 1e9))
        let interval = Duration.nanoseconds(Int64(max(1, started.window / 12) * 1e9))
        var watch = Watch(since: site.clock.now(), started: started.startedAt, window: window)
        while true {
            let signs = try await measure(record.targets, site)
            let now = site.clock.now()
            // The watch begins with the first answer: before that this process's clock is not the cluster's. It begins anew where the clock was
            // set back, for what it said of the end may never come, or where nobody watched for a window, as after a sleep of the machine
            // or a clock set forward. By less than a window it may step as its offset is found.
            let isFirst = watch.samples.isEmpty && !signs.isEmpty
            let isSetBack = watch.last - now > window
            let isHole = now - watch.last > window + interval
            let mayBeginAnew = watch.beginnings < OperationEngine.mostBeginnings
            if isSetBack, !mayBeginAnew { break }
            if isFirst || (isSetBack || isHole) && mayBeginAnew {
                watch = Watch(
                    since: now, started: started.startedAt, window: window, beginnings: watch.beginnings + (isFirst ? 0 : 1))
            }
            watch.last = now
            watch.looks += 1
            for (target, signs) in signs where signs.time - now <= window { watch.samples[target, default: []].append(signs) }
            let isDecidable = record.targets.allSatisfy {
                verification(of: $0, record, inverse: inverse).isDecidable(watch.samples[$0] ?? [])
            }
            let nothing = watch.samples.isEmpty && now >= watch.since + window
            if now >= watch.end && isDecidable
                || watch.looks >= OperationEngine.fewestLooks && (now >= watch.latest || now >= watch.end && nothing)
            {
                break
            }
            let next = now + interval
            try await site.clock.sleep(until: now < watch.end ? min(next, watch.end) : next)
        }
        let judgements = record.targets.map { target in
            (
                target,
                verification(of: target, record, inverse: inverse)
                    .judge(before: started.before[target.description].flatMap(VitalSigns.init(json:)), after: watch.samples[target] ?? [])
            )
        }
        let verdicts = judgements.map(\.1.verdict)
        let verdict: Verdict =
            verdicts.contains(.fail) ? .fail : verdicts.contains(.inconclusive) || verdicts.isEmpty ? .inconclusive : .pass
        let text = judgements.map { judgements.count > 1 ? "\($0.0.name): \($0.1.text)" : $0.1.text }.joined(separator: "; ")
        try await append([
            entry(
                .verificationEnded, record, at: site.clock.now(),
                [
                    "inverse": .bool(inverse), "verdict": .string(verdict.rawValue), "text": .string(text),
                    "after": OperationEngine.json(watch.samples.compactMapValues(\.last)),
                ])
        ])
    }

    /// What was seen of a window, by one clock that only goes forward.
    private struct Watch {
        let since: Timestamp
        let end: Timestamp
        /// When it ends although what was seen is too little.
        let latest: Timestamp
        var last: Timestamp
        var looks = 0
        /// How many times it began anew because nobody had watched, or the clock was set back.
        let beginnings: Int
        var samples: [EntityPath: [VitalSigns]] = [:]

        init(since: Timestamp, started: Timestamp, window: Duration, beginnings: Int = 0) {
            (self.since, last, self.beginnings) = (since, since, beginnings)
            end = min(started, since) + window
            latest = max(end, since) + window
        }
    }

    /// What the last step on this target asks to be watched; after an inverse, or taking back what was done before, that it is no worse
    /// than before.
    private func verification(of target: EntityPath, _ record: PlanRecord, inverse: Bool) -> Verification {
        let asked = Verification(step: record.plan.steps.last { $0.target == target }?.verification ?? [:])
        let undone = inverse ? record : record.undoes.flatMap { board[$0] }
        guard let undone else { return asked }
        let left = record.steps.last { $0.isInverse == inverse && record.plan.steps[$0.index].target == target && $0.left != nil }?.left
        return Verification(
            goal: .hold, window: asked.window, readiness: asked.watchesReadiness, restarts: asked.watchesRestarts,
            errors: asked.watchesErrors, isPutBack: left != nil && left == undone.plan.state[target.description]?["hash"]?.string)
    }

    static func json(_ signs: [EntityPath: VitalSigns]) -> JSON {
        .object(JSONObject(signs.sorted { $0.key < $1.key }.map { ($0.key.description, $0.value.json) }))
    }
}
