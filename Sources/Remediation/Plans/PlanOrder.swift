extension Collection {
    /// Plans of one incident, given in the order in which they were proposed, as a person looks at them: first what can still be
    /// decided or is running, in the order of proposal, which is best first; then what ran, the latest first; then what never did.
    package func inOrderOfInterest(_ state: (Element) -> PlanState) -> [Element] {
        filter { !state($0).isFinal } + reversed().filter { state($0).hasRun }
            + reversed().filter { state($0).isFinal && !state($0).hasRun }
    }
}
