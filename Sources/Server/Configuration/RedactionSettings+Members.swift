import Core

extension RedactionSettings {
    /// Members of journal payloads, in order. A name that covered one of them would take out what states are folded from.
    static let ownMembers = [
        "accepted", "actions", "actor", "after", "against", "alternatives", "approvals", "at", "author", "awaiting", "before",
        "blastRadius",
        "category", "cause", "chain", "change", "cluster", "clusterUID", "commands", "confidence", "current", "details", "diff", "digest",
        "effect", "entity", "environment", "error", "evidence", "facts", "fields", "findings", "fingerprint", "firstSeen", "found", "from",
        "gate", "gates", "id", "incident", "instead", "into", "inverse", "key", "kind", "lastSeen", "left", "missing", "name", "next",
        "number",
        "outcome", "parameters", "patch", "path", "plan", "previous", "reach", "reason", "recommendation", "resource", "resourceVersion",
        "revision", "risk", "role", "rule", "ruledOut", "severity", "since", "source", "state", "step", "symptoms", "target", "text",
        "time",
        "title", "to", "type", "uid", "uncertain", "undecided", "undo", "undoes", "until", "value", "verdict", "verification", "version",
        "window", "write",
    ]
}
