package import Core

/// One possible root cause, as a rule states it.
package struct Hypothesis: Sendable, Hashable {
    /// How near to the bottom the rule looks. Among hypotheses that explain the same symptom the deeper one is blamed.
    package enum Depth: Int, Sendable, Hashable, Comparable {
        /// The program ended, for whatever reason.
        case surface
        /// What was seen, in general terms: a probe fails, a job gave up.
        case general
        /// The reason, named.
        case specific
        /// A fault of another object than the one that suffers: a quota, a node, a claim.
        case external

        package static func < (a: Depth, b: Depth) -> Bool { a.rawValue < b.rawValue }
    }

    /// Name of the rule, stable for ever: part of the finding's fingerprint.
    package var rule: String
    package var category: String
    /// Where the fault is.
    package var resource: EntityPath
    /// Container, key or port, where the rule speaks of one.
    package var key: String?
    package var depth: Depth
    package var severity: Severity
    /// What the resource does wrong, for the title: `does not start`.
    package var complaint: String
    /// The decisive fact in a few words, for the title: `PAYMENTS_URL is not set`.
    package var fact: String
    /// One sentence with the decisive facts.
    package var text: String
    package var since: Timestamp?
    package var support: [Support]
    package var against: [Support]
    /// Entities whose symptoms it explains besides those of `resource` and its containers.
    package var explains: [EntityPath]
    /// Entities that it waits for or calls in vain. When one of them is itself at fault, that fault explains this one.
    package var dependsOn: [EntityPath]
    package var change: Change?
    package var ruledOut: [String]
    /// What would settle it, when it is not settled.
    package var missing: [String]
    package var next: [String]
    package var facts: JSON
    /// Steps between the cause and what is felt, where the rule knows them.
    package var chain: [Cause.Link]

    package init(
        rule: String, category: String, resource: EntityPath, key: String? = nil, depth: Depth, severity: Severity, complaint: String,
        fact: String, text: String, since: Timestamp?, support: [Support], against: [Support] = [], explains: [EntityPath] = [],
        dependsOn: [EntityPath] = [], change: Change? = nil, ruledOut: [String] = [], missing: [String] = [], next: [String] = [],
        facts: JSON = [:], chain: [Cause.Link] = []
    ) {
        self.rule = rule
        self.category = category
        self.resource = resource
        self.key = key
        self.depth = depth
        self.severity = severity
        self.complaint = complaint
        self.fact = fact
        self.text = text
        self.since = since
        self.support = support
        self.against = against
        self.explains = explains
        self.dependsOn = dependsOn
        self.change = change
        self.ruledOut = ruledOut
        self.missing = missing
        self.next = next
        self.facts = facts
        self.chain = chain
    }

    package var confidence: Double { Confidence.of(support, against: against) }
    /// Independent witnesses that agree.
    var kinds: Int { Set(support.map { Confidence.Witness($0.evidence) }).count }
}
