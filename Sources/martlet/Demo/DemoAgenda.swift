/// Which of the plans that wait for a person is asked about: one at a time, and the next once that one is decided, here or elsewhere.
struct DemoAgenda {
    private var open: String?
    private var awaiting: [String] = []
    /// Answered here: what came of it may not have been told yet.
    private var answered: Set<String> = []

    /// - Parameter awaiting: the ids of all plans that wait, the best first.
    /// - Returns: whether the open question is taken back, since its plan waits no more; and the plan to ask about now.
    mutating func update(_ awaiting: [String]) -> (isWithdrawn: Bool, asks: String?) {
        self.awaiting = awaiting
        if let open, awaiting.contains(open) { return (false, nil) }
        let isWithdrawn = open != nil
        open = awaiting.first { !answered.contains($0) }
        return (isWithdrawn, open)
    }

    /// The open question was answered. What waits beside a plan that is approved will be void: it is not asked about.
    mutating func answer(isApproved: Bool) {
        if let open { answered.insert(open) }
        if isApproved { answered.formUnion(awaiting) }
        open = nil
    }
}
