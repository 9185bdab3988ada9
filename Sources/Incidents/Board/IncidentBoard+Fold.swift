package import Core
package import Journal

extension IncidentBoard {
    /// Takes one entry in. Entries must come in the journal's order; those that concern no incident, and types that a newer
    /// Martlet wrote, change nothing.
    package mutating func apply(_ recorded: RecordedEntry) {
        guard let type = recorded.type else { return }
        let entry = recorded.entry
        if type == .incidentOpened { return open(recorded) }
        let payload = recorded.payload ?? [:]
        let id = type.rawValue.hasPrefix("incident.") ? entry.subject : payload["incident"]?.string ?? incidentOfPlan[entry.subject]
        guard let id, var incident = byID[id] else { return }
        if type == .planProposed { incidentOfPlan[entry.subject] = id }
        incident.apply(type, entry: entry, payload: payload)
        byID[id] = incident
    }

    package mutating func apply(_ entries: some Sequence<RecordedEntry>) { for entry in entries { apply(entry) } }

    private mutating func open(_ recorded: RecordedEntry) {
        let entry = recorded.entry
        guard byID[entry.subject] == nil else { return }
        guard let payload = recorded.payload else {
            // What it was is gone with its payload; its number is not given a second time.
            lastNumber += 1
            return
        }
        guard let cause = payload["cause"].flatMap(Cause.init(json:)) else { return }
        let time = payload.clusterTime ?? entry.time
        let number = payload["number"]?.int ?? lastNumber + 1
        var incident = Incident(
            id: entry.subject, number: number, cluster: entry.cluster, environment: entry.environment, cause: cause,
            openedAt: time, previous: payload["previous"]?.string)
        incident.note(entry, at: time, text: TimelineText.of(.incidentOpened, payload: payload, incident: incident))
        byID[incident.id] = incident
        order.insert(incident.id, at: order.lastIndex { (byID[$0]?.number ?? 0) < number }.map { $0 + 1 } ?? 0)
        lastNumber = max(lastNumber, number)
    }
}

extension JSON {
    /// The cluster's own time at which an entry was decided.
    package var clusterTime: Timestamp? { self["at"]?.string.flatMap { Timestamp($0) } }
}
