import Core

/// What a journal entry says about its incident, in one sentence for people.
enum TimelineText {
    static func of(_ type: EntryType, payload: JSON, incident: Incident) -> String {
        let cause = payload["cause"].flatMap(Cause.init(json:))
        let reason = text(payload, "reason")
        let inverse = payload["inverse"]?.bool ?? false
        switch type {
        case .incidentOpened: return cause.map { "Opened: \($0.title)" } ?? "Opened"
        case .incidentDiagnosed: return cause.map { diagnosed($0, before: incident.cause, first: incident.state == .open) } ?? "Diagnosed"
        case .incidentReopened: return "Reopened: it came back" + (cause.map { " (\($0.title))" } ?? "")
        case .incidentEscalated: return "A person decides" + because(reason)
        case .incidentResolved: return resolved(payload, reason: reason)
        case .incidentAcknowledged: return "Acknowledged"
        case .incidentAssigned:
            let to = text(payload, "to") ?? ""
            return to.isEmpty ? "Assigned to nobody" : "Assigned to \(to)"
        case .incidentSuppressed:
            return "Suppressed" + (text(payload, "until").map { " until \($0)" } ?? "") + because(reason)
        case .incidentUnsuppressed: return "No longer suppressed" + because(reason)
        case .planProposed: return proposed(payload)
        case .planChecked: return checked(payload)
        case .planClosed: return closed(payload, reason: reason)
        case .planApproved:
            let accepted = (payload["accepted"]?.array ?? []).compactMap(\.string)
            let missing = payload["missing"]?.int ?? 0
            return "Plan approved" + (missing > 0 ? " (\(missing) more needed)" : "")
                + (accepted.isEmpty ? "" : ", accepting inconclusive \(accepted.joined(separator: ", "))")
                + because(reason)
        case .operationStarted: return "The operation began: dry run, policy, drift and blast radius were checked again"
        case .stepIntended: return "\(step(payload, inverse)): about to be sent"
        case .stepDone:
            return payload["found"]?.bool == true
                ? "\(step(payload, inverse)): found done after a restart" : "\(step(payload, inverse)): done"
        case .stepFailed: return "\(step(payload, inverse)): failed" + because(text(payload, "error"))
        case .verificationStarted:
            let window = payload["window"]?.double.map { " for \(Int($0)) s" } ?? ""
            return inverse ? "Verifying the undo\(window)" : "Verifying\(window)"
        case .verificationEnded:
            let verdict = text(payload, "verdict") ?? "no verdict"
            return (inverse ? "The undo's verification: \(verdict)" : "Verification: \(verdict)") + because(text(payload, "text"))
        case .rollbackStarted: return "Undoing the change" + because(reason)
        case .operationEnded: return "The operation ended: \(text(payload, "outcome") ?? "no outcome")"
        case .payloadsDropped, .revisionSeen, .controlPaused, .controlResumed, .tokenCreated, .tokenRevoked:
            return type.rawValue
        }
    }

    private static func text(_ payload: JSON, _ key: String) -> String? { payload[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
    private static func because(_ reason: String?) -> String { reason.map { ": \($0)" } ?? "" }

    private static func step(_ payload: JSON, _ inverse: Bool) -> String {
        let number = payload["step"]?.int.map { " \($0 + 1)" } ?? ""
        return inverse ? "Undo of step\(number)" : "Step\(number)"
    }

    private static func percent(_ confidence: Double) -> String { "\(Int((confidence * 100).rounded())) %" }

    private static func diagnosed(_ cause: Cause, before: Cause, first: Bool) -> String {
        if cause.isUndecided {
            return "Undecided" + because(cause.undecided.isEmpty ? nil : cause.undecided.joined(separator: "; "))
        }
        let name = "\(cause.category) in \(cause.resource.shortDescription), confidence \(percent(cause.confidence))"
        if first { return "Diagnosed: \(name)" }
        var changed: [String] = []
        if cause.category != before.category || cause.resource != before.resource { return "Diagnosis changed: now \(name)" }
        if cause.severity != before.severity { changed.append("severity \(before.severity.rawValue) → \(cause.severity.rawValue)") }
        if abs(cause.confidence - before.confidence) >= Materiality.confidenceStep {
            changed.append("confidence \(percent(before.confidence)) → \(percent(cause.confidence))")
        }
        if cause.change != before.change, let change = cause.change {
            changed.append("what changed is known" + because(change.fields.first?.path))
        }
        return changed.isEmpty ? "Diagnosis updated: \(cause.text)" : "Diagnosis updated: " + changed.joined(separator: ", ")
    }

    private static func resolved(_ payload: JSON, reason: String?) -> String {
        switch text(payload, "outcome") {
        case "self": "Resolved: the findings are gone" + (reason.map { " (\($0))" } ?? "")
        case "repaired": "Resolved: repaired" + because(reason)
        case "rolled-back": "Resolved: rolled back" + because(reason)
        case "merged": "Merged" + because(reason)
        default: "Resolved by hand" + because(reason)
        }
    }

    private static func proposed(_ payload: JSON) -> String {
        let title = payload[at: "plan", "title"]?.string ?? "a plan"
        let gates = (payload["gates"]?.array ?? []).compactMap(GateResult.init(json:))
        let verdicts = [Verdict.pass, .fail, .inconclusive].compactMap { verdict in
            let count = gates.count { $0.verdict == verdict }
            return count > 0 ? "\(count) \(verdict.rawValue)" : nil
        }
        return "Plan: \(title)" + (verdicts.isEmpty ? "" : " (gates: \(verdicts.joined(separator: ", ")))")
    }

    private static func checked(_ payload: JSON) -> String {
        let gates = (payload["gates"]?.array ?? []).compactMap(GateResult.init(json:))
        return (payload["awaiting"]?.bool == true ? "The plan may be approved" : "The plan may not be approved")
            + gates.map { ": \($0.gate.rawValue) is \($0.verdict.rawValue), \($0.text)" }.joined()
    }

    private static func closed(_ payload: JSON, reason: String?) -> String {
        switch text(payload, "state") {
        case "rejected": "Plan rejected" + because(reason)
        case "expired": "Plan expired" + because(reason)
        case "void": "Plan void" + because(reason)
        case "failed-gate": "Plan stopped by a gate" + because(reason)
        case let other: "Plan closed" + (other.map { " (\($0))" } ?? "") + because(reason)
        }
    }
}
