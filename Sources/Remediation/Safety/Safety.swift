package import Core

/// What stops loops: global pause, cooldown, attempt limit, circuit breaker, and a person's no. A fold over journal entries; decisions
/// are pure.
///
/// The pause stops everybody. The others stop automatic approval only: once they hold, a person decides.
package struct Safety: Sendable {
    /// One thing that stands in the way of an automatic operation.
    package struct Hold: Sendable, Hashable, CustomStringConvertible {
        package enum Kind: String, Sendable, Hashable { case cooldown, attempts, breaker, repetition, unwanted }
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

    /// What a person turned down, or took back after it was done.
    private struct Unwanted: Sendable {
        let incident: String
        let what: [JSON]
        /// With the state that it was computed from.
        let digest: String
        /// What was blamed then, in words.
        let cause: String
        let description: String

        init(_ record: PlanRecord, _ description: String) {
            incident = record.incident
            what = Safety.what(record.plan)
            digest = record.digest
            cause = record.recommendation.cause
            self.description = description
        }
    }

    /// What is said of doing again what was done in vain.
    static let repetition = "the same was done for this incident before and did not help"
    private static let day = Duration.seconds(86_400)

    private var operations: [String: Past] = [:]
    /// By plan.
    private var unwanted: [String: Unwanted] = [:]
    /// Why everything is paused, and by whom; nil when it is not.
    package private(set) var pause: (reason: String, actor: String, since: Timestamp)?

    package init() {}

    package var isPaused: Bool { pause != nil }

    package mutating func pause(reason: String, actor: String, at time: Timestamp) { pause = (reason, actor, time) }
    package mutating func resume() { pause = nil }

    /// Takes in what the entry changed in a plan's record.
    /// - Parameter undone: the record of what it takes back, if it does.
    package mutating func observe(_ record: PlanRecord, undoing undone: PlanRecord? = nil) {
        func by(_ actor: String?, _ reason: String?) -> String {
            "by \(actor ?? "a person")\(reason.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? "")"
        }
        if record.state == .rejected {
            unwanted[record.plan.id] = Unwanted(record, "the same was rejected \(by(record.closedBy, record.closedReason))")
        }
        if let undone, record.approvalsMissing == 0, let approval = record.approvals.last {
            unwanted[undone.plan.id] = Unwanted(undone, "the same was taken back \(by(approval.actor, approval.reason))")
        }
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
        let what = Safety.what(plan)
        for (_, past) in unwanted.sorted(by: { $0.key < $1.key }) where past.incident == plan.incident && past.what == what {
            holds.append(Hold(kind: .unwanted, description: past.description))
        }
        return holds
    }

    /// Whether a person has said of this very plan, for this cause and in this state, that it is not wanted.
    package func isUnwanted(_ plan: Plan, cause: String) -> Bool {
        unwanted.values.contains { $0.digest == plan.digest && $0.cause == cause }
    }

    /// What a person said last of plans for an incident that were not wanted; nil when nobody did.
    package func unwanted(for incident: String) -> String? {
        unwanted.filter { $0.value.incident == incident }.max { $0.key < $1.key }?.value.description
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
