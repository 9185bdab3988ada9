package import Core

/// One cluster on which an engine may act: its actions, gates, runner, vitals and clock.
package struct Site: Sendable {
    /// As configured.
    package let cluster: String
    package let catalogue: ActionCatalogue
    /// In the order in which verdicts are shown; a gate that is not among them is shown as `inconclusive`.
    package let gates: [any GateCheck]
    package let runner: any Runner
    package let vitals: any Vitals
    /// The cluster's own time: ages, windows and cooldowns about it are counted on this.
    package let clock: any WallClock

    package init(
        cluster: String, catalogue: ActionCatalogue, gates: [any GateCheck], runner: any Runner, vitals: any Vitals, clock: any WallClock
    ) {
        self.cluster = cluster
        self.catalogue = catalogue
        self.gates = gates
        self.runner = runner
        self.vitals = vitals
        self.clock = clock
    }
}
