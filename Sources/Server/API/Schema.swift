import Core
import Incidents
import Remediation

/// JSON Schema in small words, and the schemas of what the API answers.
enum Schema {
    static let string: JSON = ["type": "string"]
    static let time: JSON = ["type": "string", "format": "date-time"]
    static let integer: JSON = ["type": "integer"]
    static let boolean: JSON = ["type": "boolean"]
    static let any: JSON = [:]

    static func choice(_ names: [String]) -> JSON { ["type": "string", "enum": JSON(names)] }
    static func list(_ element: JSON) -> JSON { ["type": "array", "items": element] }
    static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    static func object(_ properties: JSON, required: [String] = []) -> JSON {
        var json: JSON = ["type": "object", "properties": properties]
        if !required.isEmpty { json["required"] = JSON(required) }
        return json
    }

    private static func page(_ name: String) -> JSON { object(["items": list(reference(name)), "next": string], required: ["items"]) }

    static var components: JSON {
        [
            "Problem": object(
                [
                    "type": string, "title": string, "status": integer, "detail": string, "instance": string,
                    "code": choice(MartletError.Code.allCases.map(\.rawValue)), "details": list(string), "fix": string,
                ], required: ["type", "title", "status", "detail", "code"]),
            "Incident": object(
                [
                    "id": string, "number": integer, "cluster": string, "environment": string,
                    "state": choice(IncidentState.allCases.map(\.rawValue)), "severity": choice(Severity.allCases.map(\.rawValue)),
                    "cause": reference("Cause"), "now": time, "openedAt": time, "changedAt": time, "resolvedAt": time, "outcome": string,
                    "reopened": integer, "acknowledgedBy": string, "assignee": string, "suppressedUntil": time,
                    "suppressionReason": string, "escalationReason": string, "previous": string, "mergedInto": string,
                    "plans": list(string), "states": list(object(["state": string, "at": time])),
                    "timeline": list(object(["seq": integer, "time": time, "type": string, "actor": string, "text": string])),
                ], required: ["id", "number", "state", "severity", "cause", "openedAt"]),
            "Cause": object(
                [
                    "fingerprint": string, "severity": string, "category": string, "resource": string, "title": string, "cause": string,
                    "confidence": ["type": "number", "minimum": 0, "maximum": 1], "since": time, "change": any, "chain": list(any),
                    "symptoms": list(string), "reach": list(string), "evidence": list(any), "against": list(any), "ruledOut": list(string),
                    "undecided": list(string), "unread": list(string), "alternatives": list(any), "next": list(string),
                    "findings": list(any), "facts": any,
                ], required: ["category", "resource", "title", "confidence"]),
            "Plan": object(
                [
                    "plan": any, "digest": string, "gates": list(reference("Gate")), "state": choice(PlanState.allCases.map(\.rawValue)),
                    "now": time, "proposedAt": time, "approvals": list(any), "approvalsMissing": integer, "approvalsNeeded": integer,
                    "obstacle": string, "undoes": string, "startedAt": time,
                    "steps": list(any), "verification": any, "rollbackReason": string, "rollbackVerification": any,
                    "closedReason": string, "closedBy": string, "outcome": string, "endedAt": time, "record": string,
                ], required: ["plan", "digest", "gates", "state"]),
            "Gate": object(
                [
                    "gate": choice(GateResult.Gate.allCases.map(\.rawValue)), "verdict": choice(Verdict.allCases.map(\.rawValue)),
                    "text": string, "details": list(string),
                ], required: ["gate", "verdict", "text"]),
            "Entry": object(
                [
                    "v": integer, "seq": integer, "time": time, "type": string, "cluster": string, "environment": string, "subject": string,
                    "actor": string, "payloadHash": string, "prev": string, "payload": any,
                ], required: ["seq", "time", "type", "actor", "payloadHash", "prev"]),
            "Status": object(
                [
                    "version": string, "startedAt": time, "paused": boolean, "pausedBy": string, "pausedReason": string, "pausedAt": time,
                    "notReady": string, "journal": any,
                    "clusters": list(
                        object(
                            [
                                "name": string, "environment": string, "synced": boolean, "objects": integer, "error": string,
                                "heardAt": time, "now": time, "unreadable": list(string), "blind": boolean,
                            ],
                            required: ["name", "environment", "synced"])),
                ], required: ["version", "paused", "clusters"]),
            "Token": object(
                ["name": string, "role": string, "ingest": string, "createdAt": time, "createdBy": string], required: ["name"]),
            "NewToken": object(["name": string, "role": string, "ingest": string, "token": string], required: ["name", "token"]),
            "LoginLink": object(["url": string, "expiresIn": integer], required: ["url", "expiresIn"]),
            "IncidentList": page("Incident"), "PlanList": page("Plan"), "EntryList": page("Entry"), "TokenList": page("Token"),
        ]
    }
}
