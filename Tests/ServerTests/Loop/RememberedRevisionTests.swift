import Core
import Incidents
import Journal
import Remediation
import Testing

@testable import Server

/// Two bad releases in a row, of which each replaces all pods: what worked before them is known although nothing of it is left.
@Suite struct RememberedRevisionTests {
    private let automatic = Policy(
        environment: "staging", autonomy: .auto, autoUpTo: .high, optionalGates: [.policy, .errorBudget])

    @Test func theSecondBadReleaseGoesBackToWhatWorkedAndAPolicyMayDoSo() async throws {
        let shop = try await WatchedShop()
        let first = try await shop.martlet(policy: automatic)
        try await shop.release(1, WatchedShop.good)
        await first.loop.measure()
        await first.loop.round()
        try await shop.release(2, WatchedShop.crashes)
        await first.loop.round()
        let seen = await first.ledger.revisions.revisions.values.sorted { $0.number < $1.number }
        #expect(seen.map(\.state) == [.healthy, .failing] && seen.map(\.number) == [1, 2])
        #expect((seen.first?.programs.first?.workingSet ?? 0) > 1e6, "it was measured")
        await first.store.close()

        // Killed and started again, it still knows.
        let second = try await shop.martlet(policy: automatic)
        try await shop.release(3, WatchedShop.crashes)
        await second.loop.round()
        let plan = try #require(try await second.plans().first)
        #expect(plan.plan.title == "roll back checkout to revision 1")
        #expect(plan.plan.caveat == nil)
        let rehearsal = try #require(plan.gates.first { $0.gate == .rehearsal })
        #expect(rehearsal.verdict == .pass, "\(rehearsal.text) \(rehearsal.details)")
        #expect(plan.approver == "policy:staging", "\(plan.gates)")
        await second.store.close()
    }

    @Test func whoHasSeenNothingSaysSoAndWaitsForAPerson() async throws {
        let shop = try await WatchedShop()
        try await shop.release(1, WatchedShop.good)
        try await shop.release(2, WatchedShop.crashes)
        try await shop.release(3, WatchedShop.crashes)
        let martlet = try await shop.martlet(policy: automatic)
        await martlet.loop.round()
        let plan = try #require(try await martlet.plans().first { $0.plan.steps[0].type == "rollback" })
        #expect(plan.plan.title == "roll back checkout to revision 1, not known to have worked")
        #expect(plan.plan.caveat?.contains("nothing shows that revision 1 ever worked") == true)
        #expect(plan.plan.risk == .high && plan.approvals.isEmpty && plan.state == .awaiting)
        // Even where no gate is in the way.
        var lenient = automatic
        lenient.optionalGates = Set(GateResult.Gate.allCases)
        await martlet.engine.configure(lenient)
        let refusals = await martlet.engine.automaticRefusals(plan, cause: try await martlet.incident.cause)
        #expect(refusals == [plan.plan.caveat ?? ""])
        await martlet.store.close()
    }
}
