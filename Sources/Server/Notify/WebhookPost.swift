import Core
import Incidents
import Journal
import Remediation

/// What a webhook is told: one thing that happened to one incident. The journal has redacted what it holds, so this is redacted too.
struct WebhookPost: Sendable {
    let occasion: NotificationSettings.Occasion
    /// The entry that it tells of.
    let seq: Int64
    /// Stays the same when a post is repeated, also after a restart, so that receivers can tell.
    let id: String
    let number: Int
    let json: JSON

    /// Nil for entries that nobody is told of: those that say nothing new of the three occasions, and those whose payload is gone. An
    /// incident that waits is told once a wait, not again for each plan of it.
    init?(_ recorded: RecordedEntry, _ boards: Boards, link: String) {
        guard let payload = recorded.payload else { return nil }
        switch recorded.type {
        case .incidentOpened, .incidentReopened: occasion = .opened
        case .planProposed, .planChecked: occasion = .awaitingApproval
        case .incidentResolved: occasion = .closed
        default: return nil
        }
        let id = occasion == .awaitingApproval ? payload["incident"]?.string ?? "" : recorded.entry.subject
        guard let incident = boards.incident(id) else { return nil }
        if occasion == .awaitingApproval, !incident.beganToWait(with: recorded.entry.seq) { return nil }
        seq = recorded.entry.seq
        self.id = "\(recorded.entry.seq)-\(recorded.entry.payloadHash.prefix(16))"
        number = incident.number
        var json: JSON = [
            "version": 1, "id": .string(self.id), "event": .string("incident.\(occasion.rawValue)"),
            "time": .string(recorded.entry.time.description),
            "incident": [
                "id": .string(incident.id), "number": JSON(incident.number), "cluster": .string(incident.cluster),
                "environment": .string(incident.environment), "severity": .string(incident.severity.rawValue),
                "state": .string(incident.state.rawValue), "title": .string(incident.cause.title), "cause": .string(incident.cause.text),
                "category": .string(incident.cause.category), "resource": .string(incident.cause.resource.description),
                "confidence": .number(incident.cause.confidence), "openedAt": .string(incident.openedAt.description),
                "url": .string("\(link)/incidents/\(incident.number)"),
            ],
        ]
        if occasion == .awaitingApproval, let plan = boards.plan(recorded.entry.subject) {
            json["plan"] = [
                "id": .string(plan.plan.id), "digest": .string(plan.digest), "title": .string(plan.plan.title),
                "risk": .string(plan.plan.risk.rawValue),
                "undo": .string(plan.plan.undo), "gates": .array(plan.gates.map(\.json)),
            ]
        }
        if let outcome = incident.outcome, occasion == .closed { json[at: "incident", "outcome"] = .string(outcome) }
        self.json = json
    }
}
