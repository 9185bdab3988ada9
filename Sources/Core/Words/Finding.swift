/// One observed deviation about one entity.
package struct Finding: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case incident, hygiene }

    /// The rule that saw it: a kebab-case name, stable for ever since it is part of the fingerprint.
    package let rule: String
    package var kind: Kind
    package var severity: Severity
    /// The workload (top owner) for what happens in pods, else the thing itself.
    package let entity: EntityPath
    /// Container, key or port, where the rule speaks of one; part of the identity.
    package let key: String?
    /// One sentence with the decisive facts.
    package var text: String
    package var firstSeen: Timestamp
    package var lastSeen: Timestamp
    /// Whether it is so now, as opposed to having been so.
    package var isCurrent: Bool
    package var evidence: [Evidence]

    package init(
        rule: String, kind: Kind = .incident, severity: Severity, entity: EntityPath, key: String? = nil, text: String,
        firstSeen: Timestamp, lastSeen: Timestamp, isCurrent: Bool = true, evidence: [Evidence]
    ) {
        self.rule = rule
        self.kind = kind
        self.severity = severity
        self.entity = entity
        self.key = key
        self.text = text
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.isCurrent = isCurrent
        self.evidence = evidence
    }

    /// INTERFACES section 1: no pod names, counts, times or message text in it.
    package var fingerprint: String {
        String(Digest.sha256Hex(["finding.v1", entity.description, rule, key ?? ""].joined(separator: "\n")).prefix(16))
    }
}
