/// What people read of a rule: `martlet rules show NAME`.
package struct RuleDocumentation: Sendable, Hashable {
    /// In one sentence.
    package let concludes: String
    /// The kinds, by plural, and other things that it looks at: without them it is silent.
    package let sees: [String]
    /// What it cites.
    package let evidence: [String]
    /// What it would take to be wrong.
    package let contradictedBy: [String]
    /// What to do about what it concludes.
    package let next: [String]
    /// Addresses of what others have written about it.
    package let references: [String]

    init(concludes: String, sees: [String], evidence: [String], contradictedBy: [String], next: [String], references: [String]) {
        self.concludes = concludes
        self.sees = sees
        self.evidence = evidence
        self.contradictedBy = contradictedBy
        self.next = next
        self.references = references
    }
}
