import Core
import Journal
import Kubernetes
import KubernetesRemediation
import Remediation
import Testing
import Twin
import TwinTesting

/// From a bad release to a proven repair, in one process on one virtual clock.
@Suite struct Loop {
    /// checkout runs well at revision 1, then revision 2 takes away the variable that it needs.
    private func badRelease() async throws -> Shop {
        let shop = try await Shop()
        try await shop.create(
            Shop.deployment("checkout", behaviour: "{listen: 8080, needsEnv: [PAYMENTS_URL]}") {
                $0[at: "spec", "template", "spec", "containers"] = Shop.withEnv($0, "PAYMENTS_URL", "http://payments:8080")
            }, .deployments)
        await shop.advance(30)
        #expect(try await shop.object("checkout")[at: "status", "readyReplicas"] == 2)
        try await shop.release("checkout", Shop.container(["env": [["name": "PAYMENTS_URL", "$patch": "delete"]]]))
        await shop.advance(60)
        return shop
    }

    private let facts: JSON = [
        "goodRevision": 1, "goodRevisionProof": "it still has ready pods", "badRevision": 2, "container": "app",
    ]

    @Test func aBadReleaseIsRolledBackAndProven() async throws {
        let shop = try await badRelease()
        let engine = await shop.engine()
        let incident = try await shop.incident("checkout", "rollout-stuck", facts: facts)
        let plans = try await engine.propose(for: incident)
        #expect(plans.map { $0.plan.steps[0].type } == ["rollback", "pause-rollout"])
        let plan = try #require(plans.first)
        #expect(plan.plan.title == "roll back checkout to revision 1")
        for gate in plan.gates {
            let expected: Verdict = gate.gate == .policy || gate.gate == .errorBudget ? .inconclusive : .pass
            #expect(gate.verdict == expected, "\(gate.gate.rawValue): \(gate.text) \(gate.details)")
        }
        #expect(plan.plan.diff.map(\.path) == ["spec.template.spec.containers[app].env[PAYMENTS_URL]"])

        let record = try await shop.cluster.whileTimePasses {
            try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
            try await engine.execute(plan.plan.id)
            return await engine.plans[plan.plan.id]
        }
        #expect(record?.outcome == "repaired", "\(record?.record ?? "")")
        #expect(
            record?.verificationText?.contains("2 of 2 ready (0 of 2 before, and 2 of another version)") == true,
            "\(record?.verificationText ?? "")")
        let object = try await shop.object("checkout")
        #expect(object[at: "metadata", "annotations", "martlet/operation"]?.string == "\(plan.digest)/0")
        #expect(object[at: "spec", "template", "spec", "containers"]?[0]?["env"]?[0]?["name"] == "PAYMENTS_URL")
        let writes = await shop.cluster.requestLog.filter { $0.operation?.hasPrefix(plan.digest) == true && !$0.isDryRun }
        #expect(writes.map(\.operation) == ["\(plan.digest)/0"])
    }

    /// The program needs more than the plan gives it, which nothing shows before: it is killed again, and the old limit comes back.
    @Test func aRepairThatDoesNotHelpIsRolledBackByItself() async throws {
        let shop = try await Shop()
        try await shop.create(Shop.deployment("search", behaviour: "{listen: 8080, memory: 400Mi}", memory: "64Mi"), .deployments)
        await shop.advance(3600)
        let engine = await shop.engine()
        let incident = try await shop.incident("search", "oom-killed", facts: ["container": "app", "memoryLimit": 67_108_864])
        let plan = try #require(try await engine.propose(for: incident).first)
        #expect(plan.plan.steps[0].type == "set-memory-limit")
        let record = try await shop.cluster.whileTimePasses {
            try await engine.approve(plan.plan.id, digest: plan.digest, accepted: [.rehearsal], actor: "alice")
            try await engine.execute(plan.plan.id)
            return await engine.plans[plan.plan.id]
        }
        #expect(record?.verdict == .fail, "\(record?.verificationText ?? "")")
        #expect(record?.outcome == "rolled-back", "\(record?.record ?? "")")
        #expect(record?.record?.contains("rolled back: by itself") == true)
        // Its pods had been in the longest back-off; those that the undo made are at the beginning of theirs.
        #expect(record?.rollbackVerification?.verdict == .pass, "\(record?.rollbackVerification?.text ?? "")")
        let object = try await shop.object("search")
        #expect(object[at: "spec", "template", "spec", "containers"]?[0]?[at: "resources", "limits", "memory"] == "64Mi")
        let writes = await shop.cluster.requestLog.filter { $0.operation?.hasPrefix(plan.digest) == true && !$0.isDryRun }
        #expect(writes.map(\.operation) == ["\(plan.digest)/0", "\(plan.digest)/0/inverse"])
    }

    private struct Blind: Vitals {
        func measure(_ target: EntityPath) async throws -> VitalSigns { throw MartletError(.forbidden, "not allowed to read pods") }
    }

    @Test func whatCannotBeMeasuredWaitsForAPerson() async throws {
        let shop = try await badRelease()
        let engine = await shop.engine(vitals: Blind())
        let plan = try #require(try await engine.propose(for: try await shop.incident("checkout", "rollout-stuck", facts: facts)).first)
        let record = try await shop.cluster.whileTimePasses {
            try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
            try await engine.execute(plan.plan.id)
            return await engine.plans[plan.plan.id]
        }
        #expect(record?.outcome == "inconclusive")
        #expect(record?.record?.contains("a person decides") == true)
    }

    @Test func whatAnotherControllerOwnsIsRefused() async throws {
        let shop = try await badRelease()
        try await shop.client.patch(
            shop.key("checkout"), .merge(["metadata": ["labels": ["kustomize.toolkit.fluxcd.io/name": "apps"]]]))
        let engine = await shop.engine()
        let plan = try #require(try await engine.propose(for: try await shop.incident("checkout", "rollout-stuck", facts: facts)).first)
        #expect(plan.gates.first { $0.gate == .drift }?.verdict == .fail)
        #expect(plan.state == .proposed)
    }

    @Test func scaledToZeroComesBack() async throws {
        let shop = try await Shop()
        try await shop.create(Shop.deployment("cart", replicas: 3), .deployments)
        await shop.advance(30)
        try await shop.client.scale(shop.key("cart"), to: 0)
        await shop.advance(30)
        let engine = await shop.engine()
        let incident = try await shop.incident("cart", "scaled-to-zero", facts: ["replicas": 0, "formerReplicas": 3])
        let plan = try #require(try await engine.propose(for: incident).first)
        let record = try await shop.cluster.whileTimePasses {
            try await engine.approve(plan.plan.id, digest: plan.digest, accepted: GateResult.Gate.allCases, actor: "alice")
            try await engine.execute(plan.plan.id)
            return await engine.plans[plan.plan.id]
        }
        #expect(record?.outcome == "repaired", "\(record?.record ?? "")")
        let undo = try await shop.cluster.whileTimePasses {
            let undo = try await engine.undo(plan.plan.id, accepted: GateResult.Gate.allCases, actor: "bob")
            try await engine.execute(undo.plan.id)
            return await engine.plans[undo.plan.id]
        }
        #expect(undo?.outcome == "undone", "\(undo?.record ?? "")")
        #expect(try await shop.object("cart")[at: "spec", "replicas"] == 0)
    }
}

extension Shop {
    static func withEnv(_ object: JSON, _ name: String, _ value: String) -> JSON {
        var containers = object[at: "spec", "template", "spec", "containers"]?.array ?? []
        containers[0]["env"] = [["name": .string(name), "value": .string(value)]]
        return .array(containers)
    }
}
