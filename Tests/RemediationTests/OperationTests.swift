import Core
import Journal
import Remediation
import Testing

@Suite struct Operations {
    @Test func helpsAndIsRecorded() async throws {
        let world = World()
        let record = try #require(try await world.repair(await world.engine()))
        #expect(record.state == .done)
        #expect(record.outcome == "repaired")
        #expect(record.approver == "alice")
        #expect(record.verdict == .pass)
        #expect(world.workshop.log.map(\.annotation) == ["\(record.digest)/0"])
        #expect(
            await world.types == [
                "plan.proposed", "plan.approved", "operation.started", "step.intended", "step.done", "verification.started",
                "verification.ended", "operation.ended",
            ])
        let text = try #require(record.record)
        for expected in ["by alice", "looks right", "3 of 3 ready (0 of 3 before)", "outcome: repaired", record.digest, "0 of 3 ready"] {
            #expect(text.contains(expected), "\(expected) in \(text)")
        }
    }

    @Test func whatDoesNotHelpIsRolledBackByItself() async throws {
        var world = World()
        world.level = 3
        let record = try #require(try await world.repair(await world.engine()))
        #expect(record.state == .failed)
        #expect(record.outcome == "rolled-back")
        #expect(record.verdict == .fail)
        #expect(record.rollbackVerification?.verdict == .pass)
        #expect(world.workshop.level(world.path) == 1)
        #expect(world.workshop.log.map(\.annotation) == ["\(record.digest)/0", "\(record.digest)/0/inverse"])
        #expect(record.record?.contains("rolled back: by itself, because verification failed") == true)
    }

    @Test func withoutDataAPersonDecides() async throws {
        let world = World()
        world.workshop.put(world.path, level: 1, needs: nil)
        let record = try #require(try await world.repair(await world.engine()))
        #expect(record.state == .done)
        #expect(record.outcome == "inconclusive")
        #expect(record.verdict == .inconclusive)
        #expect(world.workshop.level(world.path) == 5, "nothing is undone on a guess")
    }

    /// As it is after a restart late in the window, or where the cluster answers slowly.
    @Test(arguments: [47, 100, 400]) func measuringSlowlyTakesLongerAndIsDecided(_ seconds: Int) async throws {
        for (level, outcome) in [(5, "repaired"), (3, "rolled-back")] {
            var world = World()
            world.level = level
            let engine = await world.engine()
            world.workshop.slow(by: .seconds(seconds))
            let record = try #require(try await world.repair(engine))
            #expect(record.outcome == outcome, "\(record.record ?? "")")
            #expect(record.verificationText?.contains("could not be measured") == false)
        }
    }

    /// As it is after a restart before the first answer of a cluster whose clock differs, or when somebody sets the clock.
    @Test(arguments: [-300 * 86_400, -3600, -20]) func aClockThatGoesBackDoesNotHoldTheVerdictUp(_ seconds: Int) async throws {
        let world = World()
        let engine = await world.engine()
        world.workshop.whenMeasured(3) { world.clock.advance(.seconds(seconds)) }
        let begun = world.clock.now()
        let record = try #require(try await world.repair(engine))
        #expect(record.outcome == "repaired", "\(record.record ?? "")")
        #expect(record.verificationText?.contains("held") == true)
        #expect(world.clock.now() - begun < .seconds(seconds + 240))
    }

    @Test func aClockThatIsSetBackAtEveryLookEndsTheVerification() async throws {
        let world = World()
        world.workshop.slow(by: .seconds(-3600))
        let record = try #require(try await world.repair(await world.engine()))
        #expect(record.outcome == "inconclusive", "\(record.record ?? "")")
        #expect(world.workshop.level(world.path) == 5, "nothing is undone on a guess")
    }

    /// As it is after a restart beside a cluster whose clock is ahead, after a sleep of the machine, or when somebody sets the clock: what
    /// nobody watched does not count as watched, and there is a window's time to see that the repair holds.
    @Test(arguments: [3, 4, 6]) func aClockThatGoesForwardLeavesTimeToJudge(_ measurement: Int) async throws {
        let world = World()
        world.workshop.whenMeasured(measurement) { world.clock.advance(.seconds(3600)) }
        let begun = world.clock.now()
        let record = try #require(try await world.repair(await world.engine()))
        #expect(record.outcome == "repaired", "\(record.record ?? "")")
        #expect(record.verificationText?.contains("held") == true)
        #expect(world.clock.now() - begun < .seconds(3600 + 240))
    }

    @Test func aRefusedWriteEndsWithoutEffect() async throws {
        let world = World()
        world.workshop.refuse(world.path)
        let record = try #require(try await world.repair(await world.engine()))
        #expect(record.outcome == "failed")
        #expect(record.steps.first?.error == "not allowed to write checkout")
        #expect(!(await world.types).contains("rollback.started"))
    }

    @Test func lostAnswersAndConflictsDoNotRepeat() async throws {
        let world = World()
        world.workshop.loseAnswers(1)
        world.workshop.conflicts(2)
        let record = try #require(try await world.repair(await world.engine()))
        #expect(record.outcome == "repaired")
        #expect(world.workshop.log.count == 1)
        #expect(record.steps.first?.found == true)
    }

    @Test func somebodyElsesChangeIsNotOverwrittenByTheRollback() async throws {
        var world = World()
        world.level = 3
        world.gates.append(FixedGate(gate: .drift, verdict: .pass, isCheckedAgain: true))
        let engine = await world.engine()
        let plan = try #require(try await engine.propose(for: world.incident).first)
        try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
        // The write happens, then somebody raises it further before the verification fails.
        let workshop = world.workshop, path = world.path
        let watcher = Task {
            while workshop.log.isEmpty { await Task.yield() }
            workshop.change(path) { $0[at: "spec", "level"] = 4 }
        }
        try await engine.execute(plan.plan.id)
        await watcher.value
        let record = try #require(await engine.plans[plan.plan.id])
        #expect(record.outcome == "failed")
        #expect(workshop.level(path) == 4)
    }

    @Test func undoIsAnOperationOfItsOwn() async throws {
        let world = World()
        let engine = await world.engine()
        let done = try #require(try await world.repair(engine))
        let undo = try await engine.undo(done.plan.id, actor: "bob", reason: "not wanted after all")
        #expect(undo.state == .approved)
        #expect(undo.plan.title == "undo: raise checkout to 5")
        try await engine.execute(undo.plan.id)
        #expect(world.workshop.level(world.path) == 1)
        let record = try #require(await engine.plans[undo.plan.id])
        #expect(record.undoes == done.plan.id)
        // It is compared with what was before the repair, not with what the repair reached.
        #expect(record.outcome == "undone")
        await #expect(throws: MartletError.self) { try await engine.undo(done.plan.id, actor: "bob") }
        await #expect(throws: MartletError.self) { try await engine.undo("01NOSUCH", actor: "bob") }
    }

    /// Refused for want of an answer, it waits; asked for again with that accepted, it is done.
    @Test func anUndoThatWasRefusedForWantOfAnAnswerCanBeAskedForAgain() async throws {
        var world = World()
        let done = try #require(try await world.repair(await world.engine()))
        world.gates = [FixedGate(gate: .rehearsal, verdict: .inconclusive)]
        let engine = await world.engine(seed: 2)
        let refused = await #expect(throws: MartletError.self) { try await engine.undo(done.plan.id, actor: "bob") }
        #expect(refused?.code == .refused)
        let undo = try await engine.undo(
            done.plan.id, accepted: [.rehearsal, .dryRun, .drift, .blastRadius], actor: "bob", reason: "not wanted after all")
        try await engine.execute(undo.plan.id)
        #expect(world.workshop.level(world.path) == 1)
        #expect(await engine.plans.plans.count == 2, "one repair, one undo")
    }
}
