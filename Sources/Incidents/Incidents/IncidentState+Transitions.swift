import Core

extension IncidentState {
    /// Open, diagnosed, awaiting approval, escalated: states that a person may suppress and that end when the findings are gone.
    package var canBeSuppressed: Bool { self == .open || self == .diagnosed || self == .awaitingApproval || self == .escalated }
    var closesWhenGone: Bool { canBeSuppressed }

    /// The table of INTERFACES section 2: the state that an entry leads to, nil where it leads nowhere from here.
    func next(after type: EntryType, payload: JSON, of incident: Incident, plan: String) -> IncidentState? {
        switch (type, self) {
        case (.incidentDiagnosed, .open): return .diagnosed
        // Asking a person was only for want of a cause: now that there is one, a plan may follow.
        case (.incidentDiagnosed, .escalated):
            let decided = payload[at: "cause", "category"]?.string.map { $0 != Cause.undecidedCategory } ?? false
            return decided && incident.escalatedAsUndecided ? .diagnosed : nil
        case (.incidentReopened, .resolved): return .open
        case (.incidentEscalated, .resolved), (.incidentEscalated, .suppressed): return nil
        case (.incidentEscalated, _): return .escalated
        case (.incidentResolved, _): return .resolved
        case (.incidentSuppressed, let from): return from.canBeSuppressed ? .suppressed : nil
        case (.incidentUnsuppressed, .suppressed): return .diagnosed
        case (.planProposed, .diagnosed), (.planProposed, .open), (.planChecked, .diagnosed), (.planChecked, .open):
            return payload["awaiting"]?.bool == true ? .awaitingApproval : nil
        case (.planChecked, .awaitingApproval):
            return payload["awaiting"]?.bool != true && incident.awaitingPlans.allSatisfy { $0 == plan } ? .diagnosed : nil
        // As long as another plan may be approved, the incident waits.
        case (.planClosed, .awaitingApproval): return incident.awaitingPlans.allSatisfy { $0 == plan } ? .diagnosed : nil
        case (.operationStarted, .open), (.operationStarted, .diagnosed), (.operationStarted, .awaitingApproval),
            (.operationStarted, .escalated):
            return .acting
        case (.verificationStarted, .acting): return payload["inverse"]?.bool == true ? nil : .verifying
        case (.rollbackStarted, .acting), (.rollbackStarted, .verifying), (.rollbackStarted, .escalated): return .rollingBack
        default: return nil
        }
    }
}
