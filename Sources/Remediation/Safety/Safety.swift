package import Core

/// What stops loops: global pause, cooldown, attempt limit and circuit breaker. A fold over journal entries; decisions are pure.
///
/// The pause stops everybody. The other three stop automatic approval only: once they hold, a person decides.
package struct Safety: Sendable {
    /// One thing that stands in the way of an automatic operation.
    package struct Hold: Sendable, Hashable, CustomStringConvertible {
        package enum Kind: String, Sendable, Hashable { case cooldown, attempts, breaker, repetition }
        package let kind: Kind
        package let description: String
    }

    /// One operation as far as safety must know it.
    private struct Past: Sendable {
        let incident: String
        let cluster: String
        let targets: [EntityPath]
        let what: [JSON]
        let startedAt: Timestamp
        var endedAt: Timestamp?
        var outcome: OperationOutcome?
    }

    /// What is said of doing again what was done in vain.
    static let repetition = "the same was done for this incident before and did not help"
    private static let day = Duration.seconds(86_400)

    private var operations: [String: Past] = [:]
    /// Why everything is paused, and by whom; nil when it is not.
    package private(set) var pause: (reason: String, actor: String, since: Timestamp)?

    package init() {}

    package var isPaused: Bool { pause != nil }

    package mutating func pause(reason: String, actor: String, at time: Timestamp) { pause = (reason, actor, time) }
    package mutating func resume() { pause = nil }

    /// Takes in what the entry changed in a plan's record.
    package mutating func observe(_ record: PlanRecord) {
        guard let startedAt = record.startedAt else { return }
        operations[record.plan.id] = Past(
            incident: record.incident, cluster: record.plan.cluster, targets: record.targets, what: Safety.what(record.plan),
            startedAt: startedAt, endedAt: record.endedAt, outcome: record.outcome.flatMap(OperationOutcome.init))
    }

    /// What keeps this plan from being approved by a policy. Times are compared on the plan's cluster only.
    package func holds(_ plan: Plan, policy: Policy, at now: Timestamp) -> [Hold] {
        let past = operations.values.filter { $0.cluster == plan.cluster }
        var holds: [Hold] = []
        for target in Array(Set(plan.steps.map(\.target))).sorted() {
            let here = past.filter { $0.targets.contains(target) }
            if let last = here.map({ $0.endedAt ?? $0.startedAt }).max(), now - last < policy.cooldown {
                let wait = Int((policy.cooldown - (now - last)).secondCount.rounded(.up))
                holds.append(
                    Hold(kind: .cooldown, description: "\(target.shortDescription) was acted on lately: \(wait) s of cooldown remain"))
            }
            let attempts = here.count { now - $0.startedAt < Safety.day }
            if attempts >= policy.attempts {
                holds.append(
                    Hold(
                        kind: .attempts,
                        description: "\(attempts) operations on \(target.shortDescription) within a day, the limit is \(policy.attempts)"))
            }
            let failures = here.filter { past in
                guard let outcome = past.outcome, let ended = past.endedAt else { return false }
                return outcome != .repaired && outcome != .undone && now - ended < policy.breakerPeriod
            }
            if failures.count >= policy.breakerFailures {
                let minutes = Int(policy.breakerPeriod.secondCount / 60)
                holds.append(
                    Hold(
                        kind: .breaker,
                        description: "\(failures.count) operations on \(target.shortDescription) did not help within \(minutes) min"))
            }
        }
        if hasNotHelped(plan) {
            holds.append(Hold(kind: .repetition, description: Safety.repetition))
        }
        return holds
    }

    /// Whether the same steps were carried out for the same incident without success.
    package func hasNotHelped(_ plan: Plan) -> Bool {
        let what = Safety.what(plan)
        return operations.values.contains {
            $0.incident == plan.incident && $0.what == what && $0.outcome != nil && $0.outcome != .repaired && $0.outcome != .undone
        }
    }

    /// What the steps do. Numbers of revisions are left out: they move, and the hash of what is put in place stays.
    private static func what(_ plan: Plan) -> [JSON] {
        plan.steps.map { step in
            var patch = step.patch
            patch["revision"] = nil
            return ["type": .string(step.type), "target": .string(step.target.description), "patch": patch]
        }
    }
}
