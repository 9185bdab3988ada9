import Core
import Incidents
import Remediation

/// Which incidents want plans: each once for what is known of its cause and for the workload as it is, again when one of them has changed
/// (what was planned may be void), and again and again after a while as long as no plan of it may come to anything: they were closed without having run, or a gate of each has failed. That holds also for
/// one that was handed to a person, who may then choose among them.
struct PlanningQueue {
    private struct Attempt: Equatable {
        var cause: String
        /// The version of the workload's specification.
        var version: String?
        var at: Timestamp
    }

    /// How long after an attempt that left no plan to wait for another is made, of the cluster's time.
    static let pause: Duration = .seconds(60)
    /// The same after an attempt at which the cluster could not be asked.
    static let shortPause: Duration = .seconds(5)
    /// How long plans are looked for before a person is asked: what is seen first is often incomplete, since each kind of object is
    /// watched by itself and may arrive later than another.
    static let patience: Duration = .seconds(15)
    private var attempts: [String: Attempt] = [:]
    private var fruitlessSince: [String: Timestamp] = [:]

    mutating func retry(_ id: String) { attempts[id] = nil }

    /// Notes that there is a plan to wait for, or that something is under way: what was in vain before counts no more.
    mutating func succeeded(_ id: String) { fruitlessSince[id] = nil }

    /// Notes that none could be made at `now` for an error; true once that has been so for ``patience``.
    mutating func hasFailed(_ id: String, at now: Timestamp) -> Bool {
        attempts[id]?.at = now + PlanningQueue.shortPause - PlanningQueue.pause
        let since = fruitlessSince[id] ?? now
        fruitlessSince[id] = since
        return now - since >= PlanningQueue.patience
    }

    /// Notes that nothing fits at `now`; true once that has been so for ``patience``, until then it is tried again at the next look.
    mutating func isHopeless(_ id: String, at now: Timestamp) -> Bool {
        let since = fruitlessSince[id] ?? now
        fruitlessSince[id] = since
        if now - since >= PlanningQueue.patience { return true }
        attempts[id] = nil
        return false
    }

    /// - Parameter version: tells one state of what is specified of a workload from another; nil where nothing is known of it.
    mutating func due(
        _ incidents: [Incident], plans: PlanBoard, at now: Timestamp, version: (EntityPath) -> String? = { _ in nil }
    ) -> [String] {
        var due: [String] = []
        for incident in incidents where incident.state.wantsPlans {
            guard !incident.cause.isUndecided else { continue }
            let cause = Digest.sha256Hex(
                JSON.array([
                    .string(incident.cause.fingerprint), incident.cause.facts, .array((incident.cause.change?.fields ?? []).map(\.json)),
                ]).canonical())
            let isPlanned = plans.plans(of: incident.id).contains { !$0.state.isFinal && $0.gates.failed.isEmpty }
            let version = version(incident.cause.resource.withoutContainer)
            if let last = attempts[incident.id], last.cause == cause, last.version == version,
                isPlanned || now - last.at < PlanningQueue.pause
            {
                continue
            }
            attempts[incident.id] = Attempt(cause: cause, version: version, at: now)
            due.append(incident.id)
        }
        let active = Set(incidents.filter { $0.state != .resolved }.map(\.id))
        attempts = attempts.filter { active.contains($0.key) }
        fruitlessSince = fruitlessSince.filter { active.contains($0.key) }
        return due
    }
}

extension IncidentState {
    /// Diagnosed, waiting for approval, or a person's: something may be proposed.
    var wantsPlans: Bool { self == .diagnosed || self == .awaitingApproval || self == .escalated }
}
