/// What one incident of a diagnosis says: the root cause that was blamed, how sure that is, and why (SNAPSHOT.md).
package struct Cause: Sendable, Hashable {
    /// One step of the causal chain, from the cause to what is felt.
    package struct Link: Sendable, Hashable {
        package let resource: EntityPath
        package let effect: String
        package init(resource: EntityPath, effect: String) { self.resource = resource; self.effect = effect }
    }

    package struct Alternative: Sendable, Hashable {
        package let category: String
        package let resource: EntityPath
        package let confidence: Double
        package init(category: String, resource: EntityPath, confidence: Double) {
            self.category = category
            self.resource = resource
            self.confidence = confidence
        }
    }

    /// The category of an incident whose cause could not be decided.
    package static let undecidedCategory = "undecided"

    package var severity: Severity
    /// A slug of `docs/categories.md`, or ``undecidedCategory``.
    package var category: String
    /// Where the fault is, not where it shows.
    package var resource: EntityPath
    /// `<what> <does what wrong>: <decisive fact> [since <change>]`, under 90 characters.
    package var title: String
    /// One sentence with the decisive facts.
    package var text: String
    /// 0…1, computed.
    package var confidence: Double
    package var since: Timestamp?
    package var change: Change?
    package var chain: [Link]
    package var symptoms: [EntityPath]
    /// Who is hurt beyond the symptoms: callers, routes.
    package var reach: [EntityPath]
    package var evidence: [Evidence]
    package var against: [Evidence]
    package var ruledOut: [String]
    /// What is missing for a decision; empty when decided.
    package var undecided: [String]
    /// What could not be read although it would have told more, also where the rest was enough to decide.
    package var unread: [String]
    package var alternatives: [Alternative]
    package var next: [String]
    /// The findings that this cause explains: what ties successive diagnoses to one incident.
    package var findings: [Finding]
    /// How long it has to be seen before it is an incident; not part of what is recorded of it.
    package var patience: Duration = .zero
    /// Typed facts for planning, all optional: `container` (string), `goodRevision`, `badRevision`, `replicas` (integers),
    /// `goodRevisionProof` (string: what shows that the good revision worked; absent where nothing does),
    /// `memoryLimit`, `memoryNeeded` (bytes), `probe` (`liveness`, `readiness`, `startup`).
    package var facts: JSON

    package init(
        severity: Severity, category: String, resource: EntityPath, title: String, text: String, confidence: Double,
        since: Timestamp? = nil, change: Change? = nil, chain: [Link] = [], symptoms: [EntityPath] = [], reach: [EntityPath] = [],
        evidence: [Evidence] = [], against: [Evidence] = [], ruledOut: [String] = [], undecided: [String] = [],
        unread: [String] = [], alternatives: [Alternative] = [], next: [String] = [], findings: [Finding] = [], facts: JSON = [:]
    ) {
        self.severity = severity
        self.category = category
        self.resource = resource
        self.title = title
        self.text = text
        self.confidence = confidence
        self.since = since
        self.change = change
        self.chain = chain
        self.symptoms = symptoms
        self.reach = reach
        self.evidence = evidence
        self.against = against
        self.ruledOut = ruledOut
        self.undecided = undecided
        self.unread = unread
        self.alternatives = alternatives
        self.next = next
        self.findings = findings
        self.facts = facts
    }

    package var isUndecided: Bool { category == Cause.undecidedCategory }

    /// INTERFACES section 1.
    package var fingerprint: String {
        String(Digest.sha256Hex(["cause.v1", resource.description, category].joined(separator: "\n")).prefix(16))
    }
}
