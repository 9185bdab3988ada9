package import Core

/// A deviation that somebody feels: what has to be explained. Found without regard to any cause, so that what no rule explains
/// is reported as undecided instead of being passed over.
package struct Symptom: Sendable, Hashable {
    /// A stable kebab-case name: the rule of its finding, and thereby what ties successive diagnoses to one incident.
    package let name: String
    /// The workload, one of its containers, a service, a claim, …
    package let entity: EntityPath
    /// `0 of 2 pods are ready`
    package let effect: String
    package var severity: Severity
    package var since: Timestamp
    package var evidence: [Evidence]
    /// What would settle its cause, said when nothing explains it.
    package var missing: [String]
    /// Another symptom's entity that, explained, explains this one: a service without endpoints by its workload.
    package var followsFrom: [EntityPath]
    /// Whether it is worth an undecided incident when nothing explains it.
    package var isReportable: Bool

    package init(
        _ name: String, _ entity: EntityPath, effect: String, severity: Severity, since: Timestamp, evidence: [Evidence] = [],
        missing: [String] = [], followsFrom: [EntityPath] = [], isReportable: Bool = true
    ) {
        self.name = name
        self.entity = entity
        self.effect = effect
        self.severity = severity
        self.since = since
        self.evidence = evidence
        self.missing = missing
        self.followsFrom = followsFrom
        self.isReportable = isReportable
    }
}
