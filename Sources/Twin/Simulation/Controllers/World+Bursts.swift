import Core

/// How many pods an owner gets at once (BurstReplicas of pkg/controller/replicaset, MaxPodCreateDeletePerSync of pkg/controller/job), however
/// many it wants: the next follow when the client of the controller manager, with 20 requests a second, would be done with these.
extension World {
    static let burst = 500
    private static let pause = Duration.seconds(burst / 20)

    /// How many of the pods that an owner lacks it may make now; `work` looks at it again for the rest.
    mutating func allowance(_ missing: Int, of owner: String, _ work: Work) -> Int {
        if let due = bursts[owner], due > now { return 0 }
        bursts[owner] = nil
        guard missing > Self.burst else { return missing }
        let due = now + Self.pause
        bursts[owner] = due
        queue.put(.work(work), at: due)
        return Self.burst
    }
}
