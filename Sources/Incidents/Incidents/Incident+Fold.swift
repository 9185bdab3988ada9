import Core
import Journal

extension Incident {
    /// Takes in an entry about this incident: what it says, the state it leads to, and its line in the timeline. All times are the
    /// cluster's, as those of the changes and evidence beside them are; the journal's own are this machine's.
    mutating func apply(_ type: EntryType, entry: Entry, payload: JSON) {
        let text = TimelineText.of(type, payload: payload, incident: self)
        let next = state.next(after: type, payload: payload, of: self, plan: entry.subject)
        let time = payload.clusterTime ?? entry.time
        record(type, entry: entry, payload: payload, at: time)
        if let next, next != state {
            state = next
            states.append(Passage(next, at: time))
            due = nil
        }
        decide(type, payload: payload, plan: entry.subject)
        note(
            entry, at: time, text: text, plan: type.concernsPlan ? entry.subject : nil,
            verdict: payload["verdict"]?.string.flatMap(Verdict.init))
    }

    mutating func note(_ entry: Entry, at time: Timestamp, text: String, plan: String? = nil, verdict: Verdict? = nil) {
        timeline.append(
            TimelineItem(
                seq: entry.seq, time: time, type: entry.type, actor: entry.actor, text: text, plan: plan, verdict: verdict))
        changedAt = time
    }

    private mutating func record(_ type: EntryType, entry: Entry, payload: JSON, at time: Timestamp) {
        switch type {
        case .incidentDiagnosed: take(payload)
        case .incidentReopened:
            guard state == .resolved else { return }
            take(payload)
            reopened += 1
            openedLast = time
            (resolvedAt, outcome, escalationReason, mergedInto) = (nil, nil, nil, nil)
            escalatedAsUndecided = false
        case .incidentEscalated:
            guard state != .resolved, state != .suppressed else { return }
            escalationReason = payload["reason"]?.string ?? ""
            escalatedAsUndecided = payload["undecided"]?.bool ?? false
        case .incidentResolved:
            guard state != .resolved else { return }
            resolvedAt = time
            approvalWaits.end()
            outcome = payload["outcome"]?.string ?? "manual"
            mergedInto = payload["into"]?.string
            (suppressedUntil, suppressionReason, awaitingPlans) = (nil, nil, [])
        case .incidentAcknowledged: acknowledgedBy = entry.actor
        case .incidentAssigned: assignee = payload["to"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        case .incidentSuppressed:
            guard state.canBeSuppressed || state == .suppressed else { return }
            suppressedUntil = payload["until"]?.string.flatMap { Timestamp($0) }
            suppressionReason = payload["reason"]?.string
            approvalWaits.end()
        case .incidentUnsuppressed: (suppressedUntil, suppressionReason) = (nil, nil)
        case .planProposed:
            if !plans.contains(entry.subject) { plans.append(entry.subject) }
            if payload["undoes"]?.string != nil { undoingPlans.insert(entry.subject) }
            noteWaiting(entry, payload, at: time)
        case .planChecked: noteWaiting(entry, payload, at: time)
        case .planClosed:
            awaitingPlans.removeAll { $0 == entry.subject }
            if awaitingPlans.isEmpty { approvalWaits.follow(false, after: entry.seq, at: time) }
            if awaitingPlans.isEmpty, payload["state"]?.string == "rejected" { approvalWaits.end() }
        case .operationStarted:
            stepsInEffect = 0
            awaitingPlans.removeAll { $0 == entry.subject }
            approvalWaits.end()
        case .stepDone: if payload["inverse"]?.bool != true { stepsInEffect += 1 }
        default: break
        }
    }

    private mutating func noteWaiting(_ entry: Entry, _ payload: JSON, at time: Timestamp) {
        awaitingPlans.removeAll { $0 == entry.subject }
        if payload["awaiting"]?.bool == true { awaitingPlans.append(entry.subject) }
        guard state != .resolved, state != .suppressed else { return }
        // What a policy approves by itself waits for nobody; where a person was called it does not.
        if payload["automatic"]?.bool == true, state != .escalated { return }
        approvalWaits.follow(!awaitingPlans.isEmpty, after: entry.seq, at: time)
    }

    private mutating func take(_ payload: JSON) {
        guard let new = payload["cause"].flatMap(Cause.init(json:)) else { return }
        cause = new
        knownFindings.formUnion(new.findings.map(\.fingerprint))
    }

    /// What the entry demands next, read after it was taken in.
    private mutating func decide(_ type: EntryType, payload: JSON, plan: String) {
        let inverse = payload["inverse"]?.bool ?? false
        let verdict = payload["verdict"]?.string.flatMap(Verdict.init)
        let text = payload["text"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        switch type {
        case .verificationEnded where inverse && state == .rollingBack:
            due = .escalate(
                reason: verdict == .pass
                    ? "the change did not help and was undone; the undo is verified, the cause is still there"
                    : "the change was undone, but the undo could not be verified: \(text ?? "no result")")
        case .verificationEnded where !inverse && state == .verifying:
            switch verdict {
            case .pass:
                due =
                    undoingPlans.contains(plan)
                    ? .escalate(reason: "the earlier change was taken back; the cause is still there")
                    : .resolve(outcome: "repaired", reason: text ?? "the repair was verified")
            case .fail: due = nil  // the engine rolls back: rollback.started comes from there
            case .inconclusive, nil: due = .escalate(reason: "the verification is inconclusive: \(text ?? "no result")")
            }
        case .stepFailed where inverse && state == .rollingBack:
            due = .escalate(reason: "the undo failed: \(payload["error"]?.string ?? "no reason given")")
        case .stepFailed where !inverse && state == .acting && payload["uncertain"]?.bool == true:
            due = .escalate(reason: "it is not known whether the change took effect: \(payload["error"]?.string ?? "no reason given")")
        case .stepFailed where !inverse && state == .acting && stepsInEffect == 0:
            due = .escalate(reason: "the change was refused and nothing took effect: \(payload["error"]?.string ?? "no reason given")")
        case .operationEnded where state.isOperating && due == nil:
            let outcome = payload["outcome"]?.string ?? ""
            due =
                outcome == "repaired" && state == .verifying
                ? .resolve(outcome: outcome, reason: text ?? "the operation ended")
                : .escalate(reason: "the operation ended (\(outcome.isEmpty ? "no outcome" : outcome)) without a verified repair")
        default: break
        }
    }
}

extension EntryType {
    /// Whether the entry's subject is a plan.
    var concernsPlan: Bool {
        switch self {
        case .planProposed, .planChecked, .planClosed, .planApproved, .operationStarted, .stepIntended, .stepDone, .stepFailed,
            .verificationStarted,
            .verificationEnded, .rollbackStarted, .operationEnded:
            true
        default: false
        }
    }
}
