package import Core
package import Journal

extension IncidentBoard {
    /// What has to be written because of an entry that was applied: the one place where the end of an operation becomes the end
    /// of an incident, or a person's turn. `now` is the cluster's time.
    package func followUps(after recorded: RecordedEntry, at now: Timestamp) -> [NewEntry] {
        guard let type = recorded.type else { return [] }
        let id =
            type.rawValue.hasPrefix("incident.")
            ? recorded.entry.subject : recorded.payload?["incident"]?.string ?? incidentOfPlan[recorded.entry.subject]
        guard let incident = id.flatMap({ byID[$0] }), let due = incident.due else { return [] }
        return [due.entry(for: incident, at: now)]
    }

    /// What is owed for any incident of a cluster: for the start after a kill between an entry and what follows from it.
    package func pendingFollowUps(cluster: String, at now: Timestamp) -> [NewEntry] {
        incidents.filter { $0.cluster == cluster }.compactMap { incident in incident.due?.entry(for: incident, at: now) }
    }
}
