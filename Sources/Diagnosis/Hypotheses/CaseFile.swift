package import Core

/// Everything that was observed, before anything is concluded: the input of ``concluded()``.
package struct CaseFile: Sendable {
    /// Now, on the clock of the cluster.
    package var time: Timestamp
    package var cluster: String
    package var symptoms: [Symptom]
    package var hypotheses: [Hypothesis]
    package var graph: EntityGraph
    /// Findings of the diagnosis before this one: their `firstSeen` is kept.
    package var previous: [Finding]

    package init(
        time: Timestamp, cluster: String, symptoms: [Symptom] = [], hypotheses: [Hypothesis] = [], graph: EntityGraph = EntityGraph(),
        previous: [Finding] = []
    ) {
        self.time = time
        self.cluster = cluster
        self.symptoms = symptoms
        self.hypotheses = hypotheses
        self.graph = graph
        self.previous = previous
    }

    /// The root causes: which hypothesis explains which symptoms, the deepest and best supported one blamed, the rest undecided.
    /// The same case file gives the same causes whatever the order of its parts.
    package func concluded() -> [Cause] {
        var reasoning = Reasoning(self)
        return reasoning.run()
    }
}
