import Core
package import Journal

/// All plans, and the global pause, as the journal's entries say. A fold and nothing else.
package struct PlanBoard: Sendable {
    private var records: [String: PlanRecord] = [:]
    /// ULIDs in the order in which they were proposed.
    private var order: [String] = []
    /// What stops loops, folded from the same entries.
    package private(set) var safety = Safety()

    package init() {}
    package init(replaying entries: some Sequence<RecordedEntry>) { for entry in entries { apply(entry) } }

    /// Takes in the next entry; entries of other subjects, unknown ones and ones without payload change nothing.
    package mutating func apply(_ entry: RecordedEntry) {
        guard let type = entry.type else { return }
        let payload = entry.payload ?? [:]
        let subject = entry.entry.subject
        switch type {
        case .controlPaused:
            safety.pause(reason: payload["reason"]?.string ?? "", actor: entry.entry.actor, at: entry.entry.time)
        case .controlResumed: safety.resume()
        case .planProposed:
            guard records[subject] == nil, let record = PlanRecord(proposed: payload, at: entry.entry.time) else { return }
            records[subject] = record
            order.append(subject)
        default:
            guard records[subject] != nil else { return }
            records[subject]?.apply(type, actor: entry.entry.actor, payload: payload, at: entry.entry.time)
            if let record = records[subject] { safety.observe(record, undoing: record.undoes.flatMap { records[$0] }) }
        }
    }

    /// In the order in which they were proposed.
    package var plans: [PlanRecord] { order.compactMap { records[$0] } }
    package subscript(id: String) -> PlanRecord? { records[id] }
    package func plans(of incident: String) -> [PlanRecord] { plans.filter { $0.incident == incident } }
    package var running: [PlanRecord] { plans.filter(\.state.isRunning) }
}
