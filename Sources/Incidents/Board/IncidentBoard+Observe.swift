package import Core
package import Journal

extension IncidentBoard {
    /// What a diagnosis of a cluster means for its incidents: which entries to append. Nothing that changes nothing.
    ///
    /// - Parameters:
    ///   - causes: all causes of the cluster's newest diagnosis, redacted as the journal will hold them (else every look finds a
    ///     difference between the two); those whose findings are all past count as gone.
    ///   - now: the cluster's time, on which all windows are counted.
    ///   - canTell: whether enough could be read that not seeing the findings of an incident means that they are gone.
    ///   - absences: what was not seen before; kept by the caller from call to call.
    ///   - pending: what was seen before and is no incident yet; kept by the caller likewise.
    ///   - generator: where the ULIDs of new incidents come from.
    package func observe(
        _ causes: [Cause], cluster: String, environment: String, at now: Timestamp, canTell: (Incident) -> Bool = { _ in true },
        absences: inout AbsenceTracker, pending: inout PendingTracker, using generator: inout some RandomNumberGenerator
    ) -> [NewEntry] {
        absences.look(at: now, patience: rules.lookPatience)
        let causes = causes.filter { $0.findings.isEmpty || $0.findings.contains(where: \.isCurrent) }
        let here = incidents.filter { $0.cluster == cluster }
        let unresolved = here.filter { $0.state != .resolved }
        let matching = Matching(causes, unresolved)
        var entries: [NewEntry] = []
        var seen: Set<String> = []
        for (younger, older) in matching.merges {
            guard let incident = byID[younger], let keeper = byID[older] else { continue }
            seen.insert(younger)
            absences.forget(younger)
            entries.append(
                incident.entry(
                    .incidentResolved,
                    [
                        "outcome": "merged", "into": .string(older), "at": .string(now.description),
                        "reason": .string("it turned out to be part of \(keeper.label)"),
                    ]))
        }
        let unmatched = causes.indices.filter { matching.incidentOf[$0] == nil && !matching.absorbed.contains($0) }
        pending.look(unmatched.map { causes[$0] }, at: now, longest: rules.lookPatience)
        let opening = Set(unmatched.filter { pending.isOver(causes[$0]) })
        // A cause that splits off takes its findings along: the incident that had them says so.
        let split = Set(opening.flatMap { causes[$0].findings.map(\.fingerprint) })
        for (index, cause) in causes.enumerated() {
            guard let id = matching.incidentOf[index], let incident = byID[id] else { continue }
            seen.insert(id)
            absences.seen(id)
            let isSplit = !split.isDisjoint(with: incident.cause.findings.map(\.fingerprint))
            entries += update(incident, with: cause, isSplit: isSplit, at: now)
        }
        var number = lastNumber
        let ended = here.filter { $0.state == .resolved && $0.outcome != "merged" }
        var reopened: Set<String> = []
        for (index, cause) in unmatched.map({ ($0, causes[$0]) }) {
            let former = ended.last { !reopened.contains($0.id) && $0.isSameProblem(as: cause) }
            if let former { seen.insert(former.id) }
            guard opening.contains(index) else { continue }
            if let former, isAfterglow(former, absences, at: now) { continue }
            if let former, let end = former.resolvedAt, now - end < rules.reopenWindow {
                reopened.insert(former.id)
                absences.forget(former.id)
                entries.append(former.entry(.incidentReopened, cause.payload(at: now)))
                if !cause.isUndecided { entries.append(former.entry(.incidentDiagnosed, cause.payload(at: now))) }
            } else {
                number += 1
                entries += entriesOpening(
                    cause, number: number, former, cluster: cluster, environment: environment, at: now, using: &generator)
            }
        }
        let unseen = here.filter { !seen.contains($0.id) }
        // A window in which nobody could see is none.
        for incident in unseen where !canTell(incident) { absences.seen(incident.id) }
        entries += absent(unseen.filter(canTell), absences: &absences, at: now)
        return entries
    }

    // MARK: Seen

    private func update(_ incident: Incident, with cause: Cause, isSplit: Bool, at now: Timestamp) -> [NewEntry] {
        if incident.state.isOperating { return [] }  // the record of a repair in progress is the operation's
        var entries: [NewEntry] = []
        if incident.state == .suppressed {
            guard let end = unsuppress(incident, at: now) else { return [] }
            entries.append(end)
        }
        // The first seconds of a failure say little: that is no reason yet to call a person.
        let isWaiting = incident.state == .open && cause.isUndecided && now - incident.openedLast < rules.undecidedPatience
        if isWaiting { return entries }
        let isNews =
            isSplit || Materiality.differs(cause, from: incident.cause)
            || !incident.knownFindings.isSuperset(of: cause.findings.map(\.fingerprint))
        let isDecided = incident.state == .escalated && incident.escalatedAsUndecided && !cause.isUndecided
        if isNews || isDecided || incident.state == .open { entries.append(incident.entry(.incidentDiagnosed, cause.payload(at: now))) }
        let isDiagnosed = incident.state == .open || incident.state == .diagnosed || incident.state == .suppressed
        if cause.isUndecided && isDiagnosed { entries.append(incident.escalation(undecided: cause)) }
        return entries
    }

    private func entriesOpening(
        _ cause: Cause, number: Int, _ former: Incident?, cluster: String, environment: String, at now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) -> [NewEntry] {
        let id = ULID(time: now, using: &generator).description
        var payload = cause.payload(at: now)
        payload["number"] = JSON(number)
        if let former { payload["previous"] = .string(former.id) }
        func entry(_ type: EntryType, _ payload: JSON) -> NewEntry {
            NewEntry(type: type, cluster: cluster, environment: environment, subject: id, actor: "martlet", payload: payload)
        }
        return [entry(.incidentOpened, payload)] + (cause.isUndecided ? [] : [entry(.incidentDiagnosed, cause.payload(at: now))])
    }

    /// Findings lag behind a repair and behind a person's word that it is over: while they have not been seen gone since the end,
    /// and for one closing window, they are no relapse.
    private func isAfterglow(_ incident: Incident, _ absences: AbsenceTracker, at now: Timestamp) -> Bool {
        guard incident.outcome != "self", !absences.isClearedAfterEnd(incident.id), let end = incident.resolvedAt else { return false }
        return now >= end && now - end < rules.closingWindow
    }

    // MARK: Not seen

    private func absent(_ incidents: [Incident], absences: inout AbsenceTracker, at now: Timestamp) -> [NewEntry] {
        var entries: [NewEntry] = []
        for incident in incidents {
            switch incident.state {
            case .resolved: absences.clearedAfterEnd(incident.id, within: rules.reopenWindow, of: incident.resolvedAt, at: now)
            case .suppressed:
                _ = absences.gone(incident.id, at: now)
                if let end = unsuppress(incident, at: now) { entries.append(end) }
            case let state where state.closesWhenGone:
                let since = absences.gone(incident.id, at: now)
                guard now - since >= rules.closingWindow else { continue }
                absences.forget(incident.id)
                let seconds = Int((now - since).secondCount)
                entries.append(
                    incident.entry(
                        .incidentResolved,
                        [
                            "outcome": "self", "at": .string(now.description),
                            "reason": .string("not seen for \(seconds >= 120 ? "\(seconds / 60) min" : "\(seconds) s")"),
                        ]))
            default: absences.seen(incident.id)  // at work: the window starts when that is over
            }
        }
        return entries
    }

    private func unsuppress(_ incident: Incident, at now: Timestamp) -> NewEntry? {
        guard let until = incident.suppressedUntil, now >= until else { return nil }
        return incident.entry(.incidentUnsuppressed, ["reason": "the time is over"])
    }
}

extension Incident {
    func isSameProblem(as cause: Cause) -> Bool {
        self.cause.fingerprint == cause.fingerprint || cause.findings.contains { knownFindings.contains($0.fingerprint) }
    }

    func escalation(undecided cause: Cause) -> NewEntry {
        let missing = cause.undecided.isEmpty ? "nothing decides between the explanations" : cause.undecided.joined(separator: "; ")
        return entry(.incidentEscalated, ["reason": .string("the cause is undecided: \(missing)"), "undecided": true])
    }
}

extension Cause {
    func payload(at now: Timestamp) -> JSON { ["cause": json, "at": .string(now.description)] }
}
