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

    func startVerification(_ record: PlanRecord, inverse: Bool, _ site: Site) async throws {
        let window = record.targets.map { verification(of: $0, record, inverse: inverse).window }.max() ?? 0
        try await append([
            entry(
                .verificationStarted, record, at: site.clock.now(),
                ["inverse": .bool(inverse), "window": .number(window), "before": record.before])
        ])
    }

    /// Watches over the window, on the cluster's time, and judges. After a restart the watch goes on; if too little of the window
    /// was seen, it lasts as much longer.
    func verify(_ record: PlanRecord, inverse: Bool, _ site: Site) async throws {
        guard let started = inverse ? record.rollbackVerification : record.verification else { return }
        let end = started.startedAt + .nanoseconds(Int64(started.window * 1e9))
        let interval = Duration.nanoseconds(Int64(max(1, started.window / 12) * 1e9))
        let enough = started.window * 0.6
        let latest = max(end, site.clock.now()) + .nanoseconds(Int64(started.window * 1e9))
        var samples: [EntityPath: [VitalSigns]] = [:]
        while true {
            for (target, signs) in try await measure(record.targets, site) { samples[target, default: []].append(signs) }
            let now = site.clock.now()
            let seen = record.targets.map { samples[$0].map { OperationEngine.span($0) } ?? 0 }.min() ?? 0
            let nothing = samples.isEmpty
            if now >= end && (seen >= enough || nothing) || now >= latest { break }
            let next = now + interval
            try await site.clock.sleep(until: now < end ? min(next, end) : next)
        }
        let judgements = record.targets.map { target in
            (
                target,
                verification(of: target, record, inverse: inverse)
                    .judge(before: started.before[target.description].flatMap(VitalSigns.init(json:)), after: samples[target] ?? [])
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
                    "after": OperationEngine.json(samples.compactMapValues(\.last)),
                ])
        ])
    }

    /// What the last step on this target asks to be watched; after an inverse, that it is no worse than before.
    private func verification(of target: EntityPath, _ record: PlanRecord, inverse: Bool) -> Verification {
        let asked = Verification(step: record.plan.steps.last { $0.target == target }?.verification ?? [:])
        guard inverse else { return asked }
        return Verification(
            goal: .hold, window: asked.window, readiness: asked.watchesReadiness, restarts: asked.watchesRestarts,
            errors: asked.watchesErrors)
    }

    private static func span(_ samples: [VitalSigns]) -> Double {
        guard let first = samples.first, let last = samples.last else { return 0 }
        return (last.time - first.time).secondCount
    }

    static func json(_ signs: [EntityPath: VitalSigns]) -> JSON {
        .object(JSONObject(signs.sorted { $0.key < $1.key }.map { ($0.key.description, $0.value.json) }))
    }
}
