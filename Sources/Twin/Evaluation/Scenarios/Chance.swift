/// Facts that hang on what a case does not show. They are not compared; each kind says why, and a case says which of them it had.
struct Chance: Sendable {
    let why: String
    let holds: @Sendable (String) -> Bool

    static let all: [Chance] = [
        Chance(why: "whether an image had to be pulled hangs on what the node ran before the case") {
            $0.contains(": Normal Pulling:") || $0.contains(": Normal Pulled:")
        },
        Chance(why: "whether the first readiness probe comes before the program listens is a matter of milliseconds") {
            $0.contains(": Warning Unhealthy: Readiness probe failed: Get ") && $0.contains("connection refused")
        },
        Chance(why: "a kubelet may look at a pod before its cache of ConfigMaps has it") {
            $0.contains(": Warning FailedMount:")
                && ($0.contains("timed out waiting for the condition") || $0.contains("not registered"))
        },
        Chance(why: "a budget may be looked at before the first of its pods is made") { $0.contains(": Normal NoPods:") },
        Chance(why: "an update that lost a race is tried again") {
            $0.contains("the object has been modified") || $0.contains(": Warning FailedToCreateEndpoint:")
        },
    ]

    /// The facts that are compared, and the reasons for those that are not.
    static func leaveOut(_ facts: [String: Int]) -> (kept: [String: Int], notes: Set<String>) {
        var notes: Set<String> = []
        let kept = facts.filter { fact in
            guard let chance = all.first(where: { $0.holds(fact.key) }) else { return true }
            notes.insert("not compared: \(chance.why)")
            return false
        }
        return (kept, notes)
    }
}
