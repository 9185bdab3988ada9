import Core
import Incidents
import Remediation

extension Incident {
    /// As the API gives it.
    var json: JSON {
        var json: JSON = [
            "id": .string(id), "number": JSON(number), "cluster": .string(cluster), "environment": .string(environment),
            "state": .string(state.rawValue), "severity": .string(severity.rawValue), "cause": cause.json,
            "openedAt": .string(openedAt.description), "changedAt": .string(changedAt.description), "reopened": JSON(reopened),
        ]
        if let resolvedAt { json["resolvedAt"] = .string(resolvedAt.description) }
        if let outcome { json["outcome"] = .string(outcome) }
        if let acknowledgedBy { json["acknowledgedBy"] = .string(acknowledgedBy) }
        if let assignee { json["assignee"] = .string(assignee) }
        if let suppressedUntil { json["suppressedUntil"] = .string(suppressedUntil.description) }
        if let suppressionReason { json["suppressionReason"] = .string(suppressionReason) }
        if let escalationReason { json["escalationReason"] = .string(escalationReason) }
        if let previous { json["previous"] = .string(previous) }
        if let mergedInto { json["mergedInto"] = .string(mergedInto) }
        json["plans"] = JSON(plans)
        json["states"] = .array(states.map { ["state": .string($0.state.rawValue), "at": .string($0.at.description)] })
        json["timeline"] = .array(timeline.map(\.json))
        return json
    }
}

extension PlanRecord {
    /// As the API gives it.
    var json: JSON {
        var json: JSON = [
            "plan": plan.json, "digest": .string(digest), "gates": .array(gates.map(\.json)), "state": .string(state.rawValue),
            "proposedAt": .string(proposedAt.description),
            "approvals": .array(
                approvals.map {
                    var approval: JSON = [
                        "actor": .string($0.actor), "time": .string($0.time.description), "accepted": JSON($0.accepted.map(\.rawValue)),
                    ]
                    if let reason = $0.reason { approval["reason"] = .string(reason) }
                    return approval
                }),
            "approvalsMissing": JSON(approvalsMissing), "approvalsNeeded": JSON(approvalsNeeded),
        ]
        if let obstacle { json["obstacle"] = .string(obstacle) }
        if let undoes { json["undoes"] = .string(undoes) }
        if let startedAt { json["startedAt"] = .string(startedAt.description) }
        json["steps"] = .array(steps.map(\.json))
        if let verification { json["verification"] = verification.json }
        if let rollbackReason { json["rollbackReason"] = .string(rollbackReason) }
        if let rollbackVerification { json["rollbackVerification"] = rollbackVerification.json }
        if let closedReason { json["closedReason"] = .string(closedReason) }
        if let closedBy { json["closedBy"] = .string(closedBy) }
        if let outcome { json["outcome"] = .string(outcome) }
        if let endedAt { json["endedAt"] = .string(endedAt.description) }
        if let record { json["record"] = .string(record) }
        return json
    }
}

extension StepRecord {
    fileprivate var json: JSON {
        var json: JSON = [
            "step": JSON(index), "inverse": .bool(isInverse), "state": .string(state.rawValue),
            "intendedAt": .string(intendedAt.description),
        ]
        if let endedAt { json["endedAt"] = .string(endedAt.description) }
        if let error { json["error"] = .string(error) }
        return json
    }
}

extension PlanRecord.VerificationRecord {
    fileprivate var json: JSON {
        var json: JSON = ["startedAt": .string(startedAt.description), "window": .number(window)]
        if let endedAt { json["endedAt"] = .string(endedAt.description) }
        if let verdict { json["verdict"] = .string(verdict.rawValue) }
        if let text { json["text"] = .string(text) }
        return json
    }
}
