import Core
import Journal
import Remediation
import Testing

/// Done when 4, the engine's side: killed before and after every append, read and write, the operation completes exactly once.
@Suite struct Kills {
    struct Scenario: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let level: Int
        let outcome: String
        let level_after: Int
        var autonomy = Autonomy.approve
        var steps = 1
        /// Index of a step whose target refuses to be written.
        var refused: Int?
    }

    static let scenarios = [
        Scenario(testDescription: "helps", level: 5, outcome: "repaired", level_after: 5),
        Scenario(testDescription: "approved by policy", level: 5, outcome: "repaired", level_after: 5, autonomy: .auto),
        Scenario(testDescription: "does not help", level: 3, outcome: "rolled-back", level_after: 1),
        Scenario(testDescription: "three steps", level: 5, outcome: "repaired", level_after: 5, steps: 3),
        Scenario(testDescription: "three steps, no help", level: 3, outcome: "rolled-back", level_after: 1, steps: 3),
        Scenario(testDescription: "the third step is refused", level: 5, outcome: "rolled-back", level_after: 1, steps: 3, refused: 2),
    ]

    /// A world for the scenario; several steps alternate between two things, so that steps follow each other on one of them.
    static func world(_ scenario: Scenario) async throws -> (World, [EntityPath]) {
        var world = World()
        world.level = scenario.level
        world.policy.autonomy = scenario.autonomy
        world.policy.verificationWindow = .seconds(12)
        guard scenario.steps > 1 else { return (world, [world.path]) }
        let other = EntityPath(cluster: "c", namespace: "shop", kind: "Deployment", name: scenario.refused == nil ? "cart" : "locked")
        world.workshop.put(other, level: 1, needs: 1)
        if scenario.refused != nil { world.workshop.refuse(other) }
        // 1 → 2 on checkout, 1 → 2 on the other, 2 → level on checkout; with a refused step the other comes last.
        var order: [(EntityPath, Int, Int)] = [(world.path, 1, 2), (other, 1, 2), (world.path, 2, scenario.level)]
        if scenario.refused != nil { order = [(world.path, 1, 2), (world.path, 2, scenario.level), (other, 1, 2)] }
        let steps = order.map { path, from, to in
            Plan.Step(
                type: "raise", target: path, parameters: ["level": JSON(to)], patch: ["level": JSON(to)], inverse: ["level": JSON(from)],
                verification: ["window": 12, "ready": true, "restarts": true])
        }
        let targets = [world.path, other]
        let state = StateHash.state(targets.compactMap { path in world.workshop.read(path).map { ($0, [["spec", "level"]]) } })
        let plan = Plan(
            id: "01PLAN00000000000000000000", cluster: "c", clusterUID: "uid-of-cluster", environment: "demo", incident: world.incident.id,
            steps: steps, state: state, title: "three steps", risk: .low, blastRadius: "2 things", undo: "one by one", commands: [],
            diff: [])
        try await world.memory.append([
            NewEntry(
                type: .planProposed, cluster: "c", environment: "demo", subject: plan.id, actor: "martlet",
                payload: ["incident": .string(plan.incident), "plan": plan.json, "gates": [], "awaiting": true])
        ])
        return (world, targets)
    }

    /// What a person and the server do, over and over, until the plan has ended: whatever is left to do, by looking at what is there.
    static func drive(_ world: World, _ kill: KillSwitch, steps: Int) async throws {
        let engine = await world.engine(kill, seed: UInt64(await world.memory.entries.count + 1))
        try await engine.resume(inline: true)
        for _ in 0..<3 {
            if steps == 1, await engine.plans.plans.isEmpty { try await engine.propose(for: world.incident) }
            for record in await engine.plans.plans where record.state == .awaiting && world.policy.autonomy == .approve {
                try await engine.approve(record.plan.id, digest: record.digest, actor: "alice")
            }
            for record in await engine.plans.plans where record.state == .awaiting { _ = try await engine.propose(for: world.incident) }
            for record in await engine.plans.plans where record.state.isRunning { try await engine.execute(record.plan.id) }
        }
    }

    /// Runs the scenario with a kill at each of the points, one process after the other; returns the labels of the last process.
    static func run(_ scenario: Scenario, killing points: [Int]) async throws -> [String] {
        let (world, targets) = try await world(scenario)
        for point in points {
            let kill = KillSwitch(at: point)
            do { try await drive(world, kill, steps: scenario.steps) } catch {}
            if !kill.isDead { break }
        }
        let last = KillSwitch()
        try await drive(world, last, steps: scenario.steps)

        let board = PlanBoard(replaying: await world.memory.entries)
        let where_ = "\(scenario.testDescription), killed at \(points)"
        #expect(board.plans.count == 1, "\(where_)")
        let record = try #require(board.plans.first)
        #expect(record.outcome == scenario.outcome, "\(where_): \(record.record ?? "")")
        #expect(world.workshop.level(targets[0]) == scenario.level_after, "\(where_)")
        if targets.count > 1, scenario.outcome == "rolled-back" { #expect(world.workshop.level(targets[1]) == 1, "\(where_)") }

        // Each write once, each announced before and confirmed after, nothing twice.
        let writes = world.workshop.log.map(\.annotation)
        #expect(Set(writes).count == writes.count, "\(where_): \(writes)")
        let forward = scenario.refused ?? scenario.steps
        #expect(writes.count == forward * (scenario.outcome == "rolled-back" ? 2 : 1), "\(where_): \(writes)")
        let entries = await world.memory.entries
        func count(_ type: EntryType) -> Int { entries.count { $0.type == type } }
        #expect(count(.stepDone) == writes.count, "\(where_)")
        #expect(count(.stepIntended) == writes.count + (scenario.refused == nil ? 0 : 1), "\(where_)")
        for type in [EntryType.operationStarted, .planApproved, .verificationEnded, .operationEnded] where type != .verificationEnded {
            #expect(count(type) == 1, "\(where_): \(type)")
        }
        return last.labels
    }

    @Test(arguments: scenarios) func atEveryPoint(_ scenario: Scenario) async throws {
        let points = try await Kills.run(scenario, killing: []).count
        #expect(points >= 25)
        for point in 1...points { _ = try await Kills.run(scenario, killing: [point]) }
    }

    @Test(arguments: 0..<200) func againAndAgain(_ seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let scenario = Kills.scenarios[Int(generator.next() % UInt64(Kills.scenarios.count))]
        let points = (0..<Int(1 + generator.next() % 4)).map { _ in Int(1 + generator.next() % 40) }
        _ = try await Kills.run(scenario, killing: points)
    }

    @Test func thereAreEnoughPoints() async throws {
        var appendsAndWrites = 0
        for scenario in Kills.scenarios {
            appendsAndWrites += try await Kills.run(scenario, killing: []).count { $0.hasPrefix("before") || $0.hasPrefix("after") }
        }
        #expect(appendsAndWrites >= 100)
    }
}
