import Core
import Journal

/// What the life cycle demands after a decisive entry (INTERFACES section 2): the incident's end, or a person.
enum FollowUp: Sendable, Hashable {
    case resolve(outcome: String, reason: String)
    case escalate(reason: String)

    func entry(for incident: Incident, at now: Timestamp) -> NewEntry {
        switch self {
        case .resolve(let outcome, let reason):
            incident.entry(
                .incidentResolved, ["outcome": .string(outcome), "reason": .string(reason), "at": .string(now.description)])
        case .escalate(let reason): incident.entry(.incidentEscalated, ["reason": .string(reason), "undecided": false])
        }
    }
}

extension Incident {
    /// A new entry about this incident.
    func entry(_ type: EntryType, _ payload: JSON = [:], actor: String = "martlet") -> NewEntry {
        NewEntry(type: type, cluster: cluster, environment: environment, subject: id, actor: actor, payload: payload)
    }
}
