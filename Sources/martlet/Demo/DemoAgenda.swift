/// Which of the plans that wait for a person is asked about: one at a time, and the next once that one is decided, here or elsewhere.
struct DemoAgenda {
    private var open: String?
    /// Answered here: what came of it may not have been told yet.
    private var answered: Set<String> = []

    /// - Parameter awaiting: the ids of all plans that wait, the best first.
    /// - Returns: whether the open question is taken back, since its plan waits no more; and the plan to ask about now.
    mutating func update(_ awaiting: [String]) -> (isWithdrawn: Bool, asks: String?) {
        if let open, awaiting.contains(open) { return (false, nil) }
        let isWithdrawn = open != nil
        open = awaiting.first { !answered.contains($0) }
        return (isWithdrawn, open)
    }

    /// The open question was answered.
    mutating func answer() {
        if let open { answered.insert(open) }
        open = nil
    }
}
