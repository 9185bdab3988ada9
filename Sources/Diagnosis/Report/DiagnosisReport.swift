package import Core

/// The answer of one diagnosis. Ordered as SNAPSHOT.md demands: confidence to two decimals, severity, resource; undecided last.
package struct DiagnosisReport: Sendable, Hashable {
    package static let version = 1

    /// The instant diagnosed, on the clock of the cluster.
    package var time: Timestamp
    package var cluster: String
    /// What could not be known, and why.
    package var undetermined: [String]
    package var causes: [Cause]
    /// What nobody should be paged for.
    package var hygiene: [Finding]
    /// Workloads that were looked at.
    package var workloads: Int

    package init(
        time: Timestamp, cluster: String, undetermined: [String] = [], causes: [Cause] = [], hygiene: [Finding] = [], workloads: Int = 0
    ) {
        self.time = time
        self.cluster = cluster
        self.undetermined = undetermined
        self.causes = causes.sorted(by: DiagnosisReport.precedes)
        self.hygiene = hygiene
        self.workloads = workloads
    }

    /// Whether an incident of at least this severity was found: exit status 3 of `martlet diagnose`.
    package func hasProblems(atLeast severity: Severity) -> Bool { causes.contains { $0.severity >= severity } }

    static func precedes(_ a: Cause, _ b: Cause) -> Bool {
        if a.isUndecided != b.isUndecided { return b.isUndecided }
        let x = (a.confidence * 100).rounded(), y = (b.confidence * 100).rounded()
        if x != y { return x > y }
        if a.severity != b.severity { return a.severity > b.severity }
        return (a.resource.resource, a.resource.namespace, a.category) < (b.resource.resource, b.resource.namespace, b.category)
    }
}
