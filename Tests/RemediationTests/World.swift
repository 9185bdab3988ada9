import Core
import Journal
import Remediation

/// One incident in the workshop, with engines that come and go over the same journal.
struct World {
    let workshop = Workshop()
    let clock: SteppingClock
    let memory: MemoryJournal
    let path = EntityPath(cluster: "c", namespace: "shop", kind: "Deployment", name: "checkout")
    var policy = Policy(
        environment: "demo", autonomy: .approve, optionalGates: [.policy, .errorBudget], verificationWindow: .seconds(60))
    var gates: [any GateCheck] = GateResult.Gate.allCases.map { FixedGate(gate: $0, verdict: .pass) }
    var actions: [any Action] = [Raise()]
    var level = 5

    init() {
        clock = SteppingClock()
        memory = MemoryJournal(clock: clock)
        workshop.put(path, level: 1, needs: 5)
    }

    var incident: IncidentReference {
        IncidentReference(
            id: "01INCIDENT0000000000000000", number: 12, cluster: "c", clusterUID: "uid-of-cluster", environment: "demo",
            cause: Cause(
                severity: .high, category: "oom-killed", resource: path, title: "checkout is too low", text: "the level is 1",
                confidence: 0.9,
                evidence: [Evidence(.status, source: "Deployment/checkout", text: "0 of 3 ready")], facts: ["level": JSON(level)]))
    }

    func engine(_ kill: KillSwitch = KillSwitch(), seed: UInt64 = 1) async -> OperationEngine {
        let clock = SharedClock(base: clock, kill: kill)
        let hands = Hands(workshop: workshop, clock: self.clock, kill: kill)
        let site = Site(cluster: "c", catalogue: ActionCatalogue(actions), gates: gates, runner: hands, vitals: hands, clock: clock)
        return OperationEngine(
            journal: MortalJournal(base: memory, kill: kill), replaying: await memory.entries, sites: [site], policies: [policy],
            generator: SeededGenerator(seed: seed))
    }

    /// Proposes, approves the best plan as `alice` and carries it out.
    @discardableResult
    func repair(_ engine: OperationEngine) async throws -> PlanRecord? {
        guard let plan = try await engine.propose(for: incident).first else { return nil }
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice", reason: "looks right")
        try await engine.execute(plan.plan.id)
        return await engine.plans[plan.plan.id]
    }

    var types: [String] { get async { await memory.entries.map(\.entry.type) } }
}

/// The world's clock as one process sees it: waiting on it is a point where that process can be dead.
struct SharedClock: WallClock {
    let base: SteppingClock
    let kill: KillSwitch
    func now() -> Timestamp { base.now() }
    func sleep(until deadline: Timestamp) async throws {
        if kill.isDead { throw CancellationError() }
        try await base.sleep(until: deadline)
    }
}
