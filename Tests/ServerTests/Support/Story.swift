import Core
import Incidents
import Journal
import Remediation

@testable import Server

/// The incident of the sketches, told as entries.
enum Story {
    static let incident = "01JD9Z6Q7M0000000000000012"
    static let plan = "01JD9Z6Q7M00000000000000P1"
    static let resource = EntityPath(cluster: "eu-1", namespace: "shop", kind: "Deployment", name: "checkout")

    static func path(_ name: String, _ kind: String = "Deployment") -> EntityPath {
        EntityPath(cluster: "eu-1", namespace: "shop", kind: kind, name: name)
    }

    static func cause(at now: Timestamp) -> Cause {
        let field = FieldChange(
            path: "spec.template.spec.containers[checkout].env[PAYMENTS_URL]", from: "http://payments:8080", to: nil)
        let image = FieldChange(
            path: "spec.template.spec.containers[checkout].image", from: "shop/checkout:2.4.0", to: "shop/checkout:2.4.1")
        return Cause(
            severity: .critical, category: "missing-env", resource: resource,
            title: "checkout does not start: PAYMENTS_URL is not set since revision 7",
            text:
                "The container exits with code 1 because PAYMENTS_URL is not set. Revision 7 removed it, 4 minutes before the first crash.",
            confidence: 0.97, since: now - .seconds(2),
            change: Change(
                time: now - .seconds(235), kind: "rollout", entity: resource, revision: "7", author: "argocd", fields: [field, image],
                source: "replicasets"),
            chain: [
                .init(resource: resource, effect: "exits with code 1"),
                .init(resource: path("storefront"), effect: "gets no answer from checkout"),
            ],
            reach: [path("storefront"), path("mobile-api")],
            evidence: [
                Evidence(
                    .log, source: "last line before each of 6 exits", text: "fatal: required setting PAYMENTS_URL is empty",
                    time: now - .seconds(2)),
                Evidence(
                    .status, source: "checkout-7d9f-x2l, checkout-7d9f-k8p", text: "exit code 1, 6 restarts, CrashLoopBackOff", time: now),
                Evidence(
                    .change, source: "ReplicaSet/checkout-7d9f",
                    text: "revision 7 removed the variable; revision 6 ran 9 days without a restart", time: now - .seconds(235)),
                Evidence(.spec, source: "Deployment/checkout", text: "no other source (envFrom, ConfigMap) sets it"),
            ],
            ruledOut: ["payments is down (3 of 3 ready)", "memory (peak 61 of 256 MiB)"],
            alternatives: [.init(category: "app-crash", resource: resource, confidence: 0.02)],
            next: ["kubectl -n shop logs deployment/checkout --previous"],
            findings: [
                Finding(
                    rule: "container-crashing", severity: .critical, entity: resource, key: "checkout", text: "crashes", firstSeen: now,
                    lastSeen: now, evidence: [])
            ])
    }

    static func plan(id: String = plan, incident: String = incident) -> Plan {
        let step = Plan.Step(
            type: "rollback", target: resource, parameters: ["revision": 6], patch: ["spec": [:]], inverse: ["spec": [:]],
            verification: ["window": 120, "ready": true, "restarts": true, "errorRate": false])
        return Plan(
            id: id, cluster: "eu-1", clusterUID: "uid", environment: "staging", incident: incident, steps: [step],
            state: [.init(resource.description): ["uid": "u", "hash": "h"]], title: "roll back checkout to revision 6", risk: .medium,
            blastRadius: "1 workload, 3 pods", undo: "roll forward to revision 7",
            commands: ["kubectl -n shop rollout undo deployment/checkout --to-revision=6"],
            diff: [
                FieldChange(path: "spec.template.spec.containers[checkout].env[PAYMENTS_URL]", from: nil, to: "http://payments:8080"),
                FieldChange(path: "spec.template.spec.containers[checkout].image", from: "shop/checkout:2.4.1", to: "shop/checkout:2.4.0"),
            ])
    }

    static let gates: [GateResult] = [
        GateResult(.dryRun, .pass, "accepted by the server, 2 fields change; the pods it makes are admitted"),
        GateResult(.policy, .inconclusive, "no policy is configured"),
        GateResult(.errorBudget, .inconclusive, "no objective is defined for checkout"),
        GateResult(.drift, .pass, "no controller or repository owns the changed fields"),
        GateResult(.blastRadius, .pass, "1 workload, 3 pods, no other operation running"),
        GateResult(.rehearsal, .pass, "on the twin: 3 of 3 ready after 21 s, 0 restarts"),
    ]

    /// Opens the incident, finds the cause, proposes the plan.
    static func begin(_ backend: ScriptedBackend, number: Int = 12) async throws {
        let cause = cause(at: backend.clock.now())
        try await backend.play(.incidentOpened, incident, ["number": JSON(number), "cause": cause.json])
        backend.clock.advance(by: .milliseconds(400))
        try await backend.play(.incidentDiagnosed, incident, ["cause": cause.json])
        backend.clock.advance(by: .milliseconds(1600))
        try await propose(backend)
    }

    static func propose(_ backend: ScriptedBackend, gates: [GateResult] = gates, awaiting: Bool = true) async throws {
        try await backend.play(
            .planProposed, plan,
            ["incident": .string(incident), "plan": plan().json, "gates": .array(gates.map(\.json)), "awaiting": .bool(awaiting)])
    }

    /// What follows an approval when all goes well, up to a state.
    static func act(_ backend: ScriptedBackend, until last: EntryType = .incidentResolved) async throws {
        let common: JSON = ["incident": .string(incident), "digest": .string(plan().digest)]
        func with(_ more: JSON) -> JSON {
            var json = common
            for (key, value) in more.object ?? [:] { json[key] = value }
            return json
        }
        let text = """
            Operation record
              recommended  roll back checkout to revision 6
              approved     by ana, 14:02:31 UTC, accepted: policy, error-budget
              ran          rollback shop/Deployment/checkout  done
              verified     pass: 3 of 3 ready, 0 restarts in 2 min
            """
        let entries: [(EntryType, String, JSON)] = [
            (.operationStarted, plan, common),
            (.stepIntended, plan, with(["step": 0, "inverse": false, "write": [:]])),
            (.stepDone, plan, with(["step": 0, "inverse": false, "resourceVersion": "42"])),
            (.verificationStarted, plan, with(["inverse": false, "window": 120, "before": [:]])),
            (
                .verificationEnded, plan,
                with(["inverse": false, "verdict": "pass", "text": "3 of 3 ready, 0 restarts in 2 min", "after": [:]])
            ),
            (.operationEnded, plan, with(["outcome": "repaired", "text": .string(text)])),
            (.incidentResolved, incident, ["outcome": "repaired"]),
        ]
        for (type, subject, payload) in entries {
            backend.clock.advance(by: .seconds(2))
            try await backend.play(type, subject, payload)
            if type == last { return }
        }
    }
}

extension Story {
    /// Other things that go on, so that lists look as lists do.
    static func others(_ backend: ScriptedBackend) async throws {
        let now = backend.clock.now()
        func open(_ number: Int, _ cause: Cause) async throws -> String {
            let id = "01JD9Z6Q7M00000000000000\(number)"
            try await backend.play(.incidentOpened, id, ["number": JSON(number), "cause": cause.json])
            try await backend.play(.incidentDiagnosed, id, ["cause": cause.json])
            return id
        }
        var catalog = cause(at: now)
        catalog = Cause(
            severity: .high, category: "image-tag-not-found", resource: path("catalog"),
            title: "catalog image 2.1.1 does not exist in the registry",
            text: "", confidence: 0.99)
        let first = try await open(9, catalog)
        backend.clock.advance(by: .seconds(72))
        try await backend.play(.incidentResolved, first, ["outcome": "repaired"])
        backend.clock.advance(by: .seconds(4_700))
        let slow = Cause(
            severity: .medium, category: Cause.undecidedCategory, resource: path("orders"),
            title: "orders answers slowly: 2 explanations fit equally well",
            text: "Its database or its new revision is slow; what is known fits both.", confidence: 0.48,
            evidence: [
                Evidence(.status, source: "Deployment/orders", text: "ready, but 3 probes timed out in 10 min", time: backend.clock.now())
            ],
            undecided: ["metrics of database pg-main", "logs of orders (not allowed to read them)"],
            alternatives: [
                .init(category: "readiness-probe-failing", resource: path("orders"), confidence: 0.48),
                .init(category: "rollout-stuck", resource: path("orders"), confidence: 0.46),
            ])
        _ = try await open(13, slow)
        backend.clock.advance(by: .seconds(1_380))
        let memory = Cause(
            severity: .high, category: "oom-killed", resource: path("search", "StatefulSet"),
            title: "search is killed for memory every 6 minutes: limit 256 MiB, needs about 410", text: "", confidence: 0.94,
            reach: [path("storefront")])
        let search = try await open(11, memory)
        let id = "01JD9Z6Q7M00000000000000P2"
        var raise = plan(id: id, incident: search)
        raise.title = "raise limit to 512 MiB"
        try await backend.play(.planProposed, id, ["incident": .string(search), "plan": raise.json, "gates": [], "awaiting": true])
        let common: JSON = [
            "incident": .string(search), "digest": .string(raise.digest), "missing": 0, "step": 0, "inverse": false, "window": 300,
        ]
        for type in [EntryType.planApproved, .operationStarted, .stepIntended, .stepDone] { try await backend.play(type, id, common) }
        backend.clock.advance(by: .seconds(900))
        try await backend.play(.verificationStarted, id, common)
    }
}
