import Core
import Foundation
import Incidents
import Journal
import Kubernetes
import Remediation
import Testing
import Twin
import TwinTesting

@testable import Server

/// From a plan to its record, through ledger, loop and engine.
@Suite struct RepairTests {
    private func badRelease(_ shop: WatchedShop, _ martlet: WatchingMartlet, annotations: JSON = [:]) async throws {
        try await shop.release(1, WatchedShop.good, annotations: annotations)
        await martlet.loop.round()
        try await shop.release(2, WatchedShop.crashes, annotations: annotations)
        await martlet.loop.round()
    }

    private func carryOut(_ plan: PlanRecord, _ shop: WatchedShop, _ martlet: WatchingMartlet) async throws -> PlanRecord {
        let engine = martlet.engine
        return try await shop.cluster.whileTimePasses {
            try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
            try await engine.execute(plan.plan.id)
            return try #require(await engine.plans[plan.plan.id])
        }
    }

    // MARK: Proof

    /// The record, kept elsewhere as it is, tells a journal that was written anew from the one that it is of.
    @Test func theRecordCarriesACheckpointThatVerifiesTheJournal() async throws {
        let shop = try await WatchedShop()
        let martlet = try await shop.martlet()
        try await badRelease(shop, martlet)
        let plan = try #require(try await martlet.plans().first)
        let record = try await carryOut(plan, shop, martlet)
        #expect(record.outcome == "repaired", "\(record.record ?? "")")
        let text = try #require(record.record)
        let kept = shop.folder.path + "/record.md", alone = shop.folder.path + "/checkpoint.json"
        try Data(text.utf8).write(to: URL(fileURLWithPath: kept))
        let line = try #require(text.split(separator: "\n").last { $0.hasPrefix("{") })
        try Data(line.utf8).write(to: URL(fileURLWithPath: alone))
        await martlet.store.close()

        for file in [kept, alone] {
            let checkpoints = try CheckpointLog.kept(file)
            #expect(checkpoints.count == 1 && checkpoints[0].hasValidSignature && checkpoints[0].size > 5)
            let reader = try JournalReader(directory: StoreDirectory(shop.folder.path))
            let verification = try reader.verify(kept: checkpoints)
            #expect(verification.isIntact && verification.keptCheckpoints == 1, "\(verification.text)")
            reader.close()
        }

        let other = try TemporaryFolder()
        let forged = try JournalStore(directory: StoreDirectory(other.path), clock: shop.cluster.clock)
        for number in 0..<40 {
            _ = try await forged.append([
                NewEntry(
                    type: .controlPaused, cluster: "", environment: "", subject: "pause", actor: "mallory",
                    payload: ["reason": "\(number)"])
            ])
        }
        await forged.close()
        let reader = try JournalReader(directory: StoreDirectory(other.path))
        #expect(try !reader.verify(kept: try CheckpointLog.kept(kept)).isIntact)
        reader.close()
    }

    // MARK: Error rate

    @Test func podsThatAskToBeScrapedAndMayNotBeLeaveTheVerdictToAPerson() async throws {
        let annotations: JSON = ["prometheus.io/scrape": "true", "prometheus.io/port": "8080"]
        for (isAllowed, outcome) in [(false, "inconclusive"), (true, "repaired")] {
            let shop = try await WatchedShop()
            let martlet = try await shop.martlet()
            if !isAllowed { shop.refusals.add("/proxy/") }
            try await badRelease(shop, martlet, annotations: annotations)
            let plan = try #require(try await martlet.plans().first)
            let record = try await carryOut(plan, shop, martlet)
            #expect(record.outcome == outcome, "\(record.record ?? "")")
            let says = record.verificationText ?? ""
            #expect(says.contains("the error rate could not be measured") == !isAllowed, "\(says)")
            #expect(says.contains("may not get pods/proxy (403)") == !isAllowed, "\(says)")
            #expect(try await martlet.incident.state == (isAllowed ? .resolved : .escalated))
            await martlet.store.close()
        }
    }

    // MARK: Rehearsal

    /// No twin can be made of the cluster: a person is told so and may go on without.
    @Test func aPlanThatCannotBeRehearsedIsNotStuck() async throws {
        let shop = try await WatchedShop()
        let optional = Set(GateResult.Gate.allCases).subtracting([.rehearsal])
        let martlet = try await shop.martlet(
            policy: Policy(
                environment: "staging", autonomy: .auto, autoUpTo: .high, optionalGates: optional, verificationWindow: .seconds(60)))
        try await badRelease(shop, martlet)
        let image = "registry.example\u{7F}/shop/odd:1"
        let pod: JSON = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "odd", "namespace": "shop"],
            "spec": ["nodeSelector": ["disk": "none"], "containers": [["name": "odd", "image": .string(image)]]],
        ]
        try await shop.client.create(pod, as: .pods, namespace: "shop")
        let waiting: JSON = ["waiting": ["reason": "ImagePullBackOff", "message": "no"]]
        let status: JSON = ["name": "odd", "image": .string(image), "ready": false, "restartCount": 0, "state": waiting]
        try await shop.client.patch(
            ObjectKey(type: .pods, namespace: "shop", name: "odd"), .merge(["status": ["containerStatuses": [status]]]),
            subresource: "status")

        let plan = try #require(try await martlet.plans().first)
        let gate = try #require(plan.gates.first { $0.gate == .rehearsal })
        #expect(gate.verdict == .inconclusive && gate.text.hasPrefix("no twin can be made of this cluster: "), "\(gate.text)")
        #expect(plan.state == .awaiting && plan.approvals.isEmpty, "no policy goes on without a rehearsal")
        #expect(try await martlet.incident.state == .awaitingApproval)
        let engine = martlet.engine
        let error = await #expect(throws: MartletError.self) {
            try await engine.approve(plan.plan.id, digest: plan.digest, actor: "ana")
        }
        #expect(error?.message.contains("rehearsal") == true && error?.fix?.contains("--accept rehearsal") == true)
        let record = try await shop.cluster.whileTimePasses {
            try await engine.approve(plan.plan.id, digest: plan.digest, accepted: [.rehearsal], actor: "ana")
            try await engine.execute(plan.plan.id)
            return try #require(await engine.plans[plan.plan.id])
        }
        #expect(record.outcome == "repaired", "\(record.record ?? "")")
        await martlet.store.close()
    }

    // MARK: After a failure

    /// What checkout asks at its start, until it is deleted.
    private func database(_ shop: WatchedShop) async throws {
        let container: JSON = ["name": "db", "image": "registry.example/shop/db:1", "ports": [["containerPort": 5432]]]
        let deployment: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "db", "namespace": "shop"],
            "spec": [
                "replicas": 1, "selector": ["matchLabels": ["app": "db"]],
                "template": [
                    "metadata": ["labels": ["app": "db"], "annotations": ["twin.martlet/behaviour": "db: {listen: 5432}"]],
                    "spec": ["containers": [container]],
                ],
            ],
        ]
        let service: JSON = [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "db", "namespace": "shop"],
            "spec": ["selector": ["app": "db"], "ports": [["port": 5432]]],
        ]
        _ = try await shop.client.apply(deployment, at: Self.db(.deployments), manager: "ana")
        _ = try await shop.client.apply(service, at: Self.db(.services), manager: "ana")
        await shop.cluster.advance(by: .seconds(30))
    }

    private static func db(_ type: ResourceType) -> ObjectKey { ObjectKey(type: type, namespace: "shop", name: "db") }

    /// What was done did not help and was undone. A person may do it again, or something else when another release has come.
    @Test func afterAFailedRepairPlansCanStillBeApproved() async throws {
        let shop = try await WatchedShop()
        let martlet = try await shop.martlet()
        try await database(shop)
        try await shop.release(1, #"{listen: 8080, needsPeer: ["db:5432"]}"#)
        await martlet.loop.round()
        try await shop.release(2, WatchedShop.crashes)
        await martlet.loop.round()
        // Nobody sees it coming: what revision 1 needs is gone when it is rolled back to.
        let plan = try #require(try await martlet.plans().first)
        try await shop.client.delete(Self.db(.deployments))
        await shop.cluster.advance(by: .seconds(60))
        let failed = try await carryOut(plan, shop, martlet)
        #expect(failed.outcome == "rolled-back", "\(failed.record ?? "")")
        #expect(try await martlet.incident.state == .escalated)

        // As long as revision 1 is known to fail, too, it is no way back; what is left is offered.
        await shop.cluster.advance(by: .seconds(60))
        await martlet.loop.round()
        #expect(try await martlet.plans().filter(\.isOpen).map { $0.plan.steps[0].type } == ["restart"])
        #expect(try await martlet.incident.state == .escalated)

        // Another bad release, and what revision 1 needs has long been there again.
        try await database(shop)
        try await shop.release(3, WatchedShop.crashes)
        await shop.cluster.advance(by: .seconds(7200))
        await martlet.loop.round()
        let again = try #require(try await martlet.plans().last { $0.plan.steps[0].type == "rollback" })
        #expect(again.plan.id != plan.plan.id && again.state == .awaiting && again.approvals.isEmpty)
        #expect(again.plan.caveat?.contains("the same was done for this incident before and did not help") == true)
        let repaired = try await carryOut(again, shop, martlet)
        #expect(repaired.outcome == "repaired", "\(repaired.record ?? "")")
        #expect(try await martlet.incident.state == .resolved)
        await martlet.store.close()
    }

    /// Nobody is called to approve what a policy approves a moment later, whether at once or at the end of a freeze.
    @Test func whatAPolicyApprovesWaitsForNobody() async throws {
        for freezes in [false, true] {
            let shop = try await WatchedShop()
            var policy = Policy(
                environment: "staging", autonomy: .auto, autoUpTo: .high, optionalGates: Set(GateResult.Gate.allCases))
            let now = shop.cluster.clock.now()
            if freezes { policy.freezes = [Freeze(from: now, until: now + .seconds(600), reason: "fair")] }
            let martlet = try await shop.martlet(policy: policy)
            try await badRelease(shop, martlet)
            var plans = try await martlet.plans()
            if freezes {
                #expect(plans.allSatisfy { $0.state == .proposed })
                await shop.cluster.advance(by: .seconds(600))
                await martlet.loop.round()
                plans = try await martlet.plans()
            }
            #expect(plans.contains { $0.state == .approved && $0.approver == "policy:staging" })
            let incident = try await martlet.incident
            let entries = try await martlet.ledger.history()
            #expect(entries.filter { incident.beganToWait(with: $0.entry.seq) }.map(\.entry.type) == [])
            await martlet.store.close()
        }
    }

    /// A policy does not go on by itself where a person was called.
    @Test func whatWasHandedToAPersonIsNotApprovedByPolicy() async throws {
        let shop = try await WatchedShop()
        let martlet = try await shop.martlet(
            policy: Policy(environment: "staging", autonomy: .auto, autoUpTo: .high, optionalGates: Set(GateResult.Gate.allCases)))
        try await badRelease(shop, martlet)
        let (id, now) = (try await martlet.incident.id, shop.cluster.clock.now())
        try await martlet.ledger.decide { board, _ in
            ([try board.entry(for: .escalate(reason: "somebody should look"), on: id, actor: "ana", at: now)], ())
        }
        let plan = try #require(try await martlet.plans().first)
        #expect(plan.state == .awaiting && plan.approvals.isEmpty)
        let incident = try await martlet.incident
        let entries = try await martlet.ledger.history()
        #expect(entries.filter { incident.beganToWait(with: $0.entry.seq) }.map(\.type) == [.planProposed], "that person is told of it")
        await martlet.store.close()
    }

    // MARK: What was planned is no longer so

    /// The list of plans does not show for the time being what nobody can approve any more.
    @Test func aPlanForAWorkloadThatWasChangedIsVoidAtTheNextLook() async throws {
        let shop = try await WatchedShop()
        let martlet = try await shop.martlet()
        let asking = Task { await martlet.loop.planAsAsked() }
        defer { asking.cancel() }
        try await shop.release(1, WatchedShop.good)
        await martlet.loop.round()
        try await shop.release(2, WatchedShop.crashes)
        await martlet.loop.round()
        let plan = try await martlet.next { $0.state == .awaiting && $0.plan.steps[0].type == "rollback" }
        await martlet.loop.round()
        #expect(await martlet.ledger.plans[plan.plan.id]?.state == .awaiting, "a look alone voids nothing")

        // Another template, of which no revision is made: the cause is as it was.
        let cause = try await martlet.incident.cause
        let patch: JSON = ["spec": ["paused": true, "template": ["metadata": ["annotations": ["team": "payments"]]]]]
        try await shop.client.patch(ObjectKey(type: .deployments, namespace: "shop", name: "checkout"), .merge(patch))
        await shop.cluster.advance(by: .seconds(5))
        await martlet.loop.round()
        let void = try await martlet.next { $0.plan.id == plan.plan.id && $0.state != .awaiting }
        #expect(void.state == .void && void.closedReason == "what it was computed from has changed")
        let later = try await martlet.incident.cause
        #expect(later.fingerprint == cause.fingerprint && later.facts == cause.facts && later.change?.fields == cause.change?.fields)
        await martlet.store.close()
    }

    // MARK: What ends by itself

    /// Looks and asks for plans again and again, for longer than anybody is patient.
    private func goOn(_ shop: WatchedShop, _ martlet: WatchingMartlet, seconds: Int = 40) async throws {
        for _ in 0..<seconds / 2 {
            await martlet.loop.round()
            _ = try await martlet.plans()
            await shop.cluster.advance(by: .seconds(2))
        }
    }

    @Test func aPauseIsNoReasonToCallAPerson() async throws {
        let shop = try await WatchedShop()
        let martlet = try await shop.martlet()
        try await martlet.engine.pause(actor: "ana", reason: "maintenance")
        try await badRelease(shop, martlet)
        try await goOn(shop, martlet)
        let plan = try #require(try await martlet.plans().first)
        #expect(plan.gates.failed.map(\.gate) == [.blastRadius])
        #expect(try await martlet.incident.state == .diagnosed)
        try await martlet.engine.unpause(actor: "ana")
        try await goOn(shop, martlet, seconds: 80)
        let again = try #require(try await martlet.plans().first { $0.plan.id == plan.plan.id })
        #expect(again.state == .awaiting, "\(again.gates.failed) \(again.closedReason ?? "")")
        let incident = try await martlet.incident
        #expect(incident.state == .awaitingApproval, "\(incident.state) \(incident.escalationReason ?? "")")
        await martlet.store.close()
    }

    /// The cause is back while what was taken back is still being watched, and nothing is planned before that ends.
    @Test func whileSomethingIsUnderWayNothingIsHopeless() async throws {
        let shop = try await WatchedShop()
        let martlet = try await shop.martlet(
            policy: Policy(
                environment: "staging", autonomy: .approve, optionalGates: Set(GateResult.Gate.allCases), verificationWindow: .seconds(300))
        )
        try await badRelease(shop, martlet)
        let record = try await carryOut(try #require(try await martlet.plans().first), shop, martlet)
        #expect(record.outcome == "repaired", "\(record.record ?? "")")
        let engine = martlet.engine
        let undo = try await engine.undo(record.plan.id, actor: "ana", reason: "the release is wanted")
        // The release is known to fail: that its programs look well in what runs now says nothing.
        let rehearsal = try #require(undo.gates.first { $0.gate == .rehearsal })
        #expect(rehearsal.verdict == .inconclusive && rehearsal.text.contains("failed when it last ran"), "\(rehearsal.text)")
        let carrying = Task { try await engine.execute(undo.plan.id) }
        while await engine.plans[undo.plan.id]?.state != .verifying { await Task.yield() }
        try await goOn(shop, martlet, seconds: 120)
        #expect(await engine.plans[undo.plan.id]?.state == .verifying)
        let incident = try await martlet.incident
        #expect(incident.state == .diagnosed && incident.reopened == 1, "\(incident.escalationReason ?? "")")
        try await shop.cluster.whileTimePasses { try await carrying.value }
        await martlet.store.close()
    }

    /// Nothing else fits: a person is told who said no.
    @Test func whatAPersonRejectedIsSaidWhenNothingElseFits() async throws {
        let shop = try await WatchedShop()
        let martlet = try await shop.martlet()
        try await badRelease(shop, martlet)
        for plan in try await martlet.plans().filter(\.isOpen) {
            try await martlet.engine.reject(plan.plan.id, actor: "ana", reason: "on purpose")
        }
        try await goOn(shop, martlet)
        #expect(try await martlet.plans().allSatisfy { $0.state == .rejected })
        let incident = try await martlet.incident
        #expect(incident.state == .escalated)
        #expect(incident.escalationReason == "no other plan fits this cause: the same was rejected by ana: on purpose")
        await martlet.store.close()
    }

    /// That no plan could be made an hour ago is no reason to give up at once when the one that was found since is turned down.
    @Test func anOldDifficultyShortensNoPatience() async throws {
        let shop = try await WatchedShop()
        let martlet = try await shop.martlet()
        shop.refusals.add("/namespaces/kube-system")
        try await badRelease(shop, martlet)
        #expect(try await martlet.plans().isEmpty)
        shop.refusals.clear()
        #expect(try await martlet.plans().contains { $0.state == .awaiting })
        await shop.cluster.advance(by: .seconds(60))
        for plan in try await martlet.plans().filter(\.isOpen) {
            try await martlet.engine.reject(plan.plan.id, actor: "ana", reason: "not now")
        }
        await martlet.loop.round()
        _ = try await martlet.plans()
        #expect(try await martlet.incident.state == .diagnosed)
        await shop.cluster.advance(by: .seconds(16))
        _ = try await martlet.plans()
        #expect(try await martlet.incident.state == .escalated)
        await martlet.store.close()
    }

    // MARK: What keeps plans from being made

    @Test func whoMayNotReadTheClusterUIDHandsTheIncidentToAPersonAndSaysWhyOnce() async throws {
        let shop = try await WatchedShop()
        let lines = LogLines()
        let martlet = try await shop.martlet(log: lines)
        shop.refusals.add("/namespaces/kube-system")
        try await badRelease(shop, martlet)
        for _ in 0..<20 {
            _ = try await martlet.plans()
            await shop.cluster.advance(by: .seconds(1))
        }
        let incident = try await martlet.incident
        #expect(incident.state == .escalated)
        #expect(incident.escalationReason?.hasPrefix("no plan can be made: namespace kube-system") == true)
        #expect(incident.escalationReason?.contains("martlet doctor") == true)
        let warnings = lines.all.filter { $0.contains("no plan for incident") }
        #expect(warnings.count == 1, "\(lines.all)")

        // Once the right is there, there is something to choose from.
        shop.refusals.clear()
        #expect(try await martlet.plans().contains { $0.state == .awaiting })
        await martlet.store.close()
    }
}
