package import Core
package import Kubernetes
package import Remediation

extension Site {
    /// A Kubernetes cluster with all actions and gates.
    ///
    /// - Parameters:
    ///   - read: client for reading.
    ///   - act: client for writing, possibly with other credentials; dry runs use it too.
    ///   - clock: the cluster's own time.
    ///   - rehearsal: where plans are played through; without one that gate stays inconclusive.
    ///   - redacting: takes secrets out of field changes before they are shown or recorded.
    package static func kubernetes(
        cluster: String, read: KubernetesClient, act: KubernetesClient, clock: any WallClock, rehearsal: (any Rehearsal)?,
        redacting: @escaping @Sendable (JSON) -> JSON = { $0 }
    ) -> Site {
        var gates: [any GateCheck] = [
            DryRunGate(read: read, act: act, redacting: redacting), PolicyGate(), ErrorBudgetGate(), DriftGate(read: read),
            BlastRadiusGate(read: read),
        ]
        if let rehearsal { gates.append(RehearsalGate(rehearsal)) }
        return Site(
            cluster: cluster, catalogue: .kubernetes, gates: gates, runner: KubernetesRunner(read: read, act: act),
            vitals: KubernetesVitals(read: read, clock: clock), clock: clock)
    }
}
