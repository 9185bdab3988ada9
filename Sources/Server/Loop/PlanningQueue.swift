import Core
import Incidents
import Remediation

/// Which incidents want plans: each once for what is known of its cause, again when that has changed, and again a while after its
/// plans were closed without having run.
struct PlanningQueue {
    private struct Attempt: Equatable {
        var cause: String
        var at: Timestamp
    }

    /// How long after an attempt without an open plan another is made, of the cluster's time.
    static let pause: Duration = .seconds(60)
    private var attempts: [String: Attempt] = [:]

    mutating func retry(_ id: String) { attempts[id] = nil }

    mutating func due(_ incidents: [Incident], plans: PlanBoard, at now: Timestamp) -> [String] {
        var due: [String] = []
        for incident in incidents where incident.state == .diagnosed || incident.state == .awaitingApproval {
            guard !incident.cause.isUndecided else { continue }
            let cause = Digest.sha256Hex(
                JSON.array([
                    .string(incident.cause.fingerprint), incident.cause.facts, .array((incident.cause.change?.fields ?? []).map(\.json)),
                ]).canonical())
            let open = plans.plans(of: incident.id).contains { !$0.state.isFinal }
            if let last = attempts[incident.id], last.cause == cause, open || now - last.at < PlanningQueue.pause { continue }
            attempts[incident.id] = Attempt(cause: cause, at: now)
            due.append(incident.id)
        }
        let active = Set(incidents.filter { $0.state != .resolved }.map(\.id))
        attempts = attempts.filter { active.contains($0.key) }
        return due
    }
}
