import Core
import Kubernetes
import KubernetesRemediation
import Remediation
import Testing
import Twin

/// One plan on one cluster, and what a rehearsal must say of it. Every image in it has been seen running.
struct RehearsalCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Makes the cluster; the workload is called `web`.
    let prepare: @Sendable (Shop) async throws -> Void
    let step: @Sendable (Shop) async throws -> Plan.Step

    init(
        _ name: String, _ prepare: @escaping @Sendable (Shop) async throws -> Void,
        plan step: @escaping @Sendable (Shop) async throws -> Plan.Step
    ) {
        testDescription = name
        self.prepare = prepare
        self.step = step
    }

    /// - Parameter change: makes what is seen of the cluster another; without it, the rehearsal looks for itself.
    func verdict(seeing change: ((inout LiveSnapshot) -> Void)? = nil) async throws -> GateResult {
        let shop = try await Shop()
        try await prepare(shop)
        let step = try await step(shop)
        let plan = Plan(
            id: "01PLAN00000000000000000000", cluster: "twin", clusterUID: await shop.cluster.uid, environment: "demo", incident: "i",
            steps: [step], state: [:], title: testDescription, risk: .low, blastRadius: "", undo: "", commands: [], diff: [])
        if let change {
            var snapshot = try await LiveSnapshot.read(shop.client, namespaces: ["shop"], readsSecrets: true)
            change(&snapshot)
            return await TwinRehearsal.rehearse(plan, on: snapshot, at: shop.cluster.clock.now())
        }
        let writes = await shop.cluster.requestLog.count
        let result = await TwinRehearsal(read: shop.client, clock: shop.cluster.clock, readsSecrets: true).rehearse(plan)
        #expect(await shop.cluster.requestLog.count == writes, "a rehearsal writes nothing to the cluster")
        return result
    }
}

extension Shop {
    /// A Deployment `web`, ready.
    func web(
        replicas: Int = 2, behaviour: String = "{listen: 8080}", memory: String = "128Mi", cpu: String = "100m", seconds: Int = 30,
        spec: JSON = [:], container: JSON = [:]
    ) async throws {
        try await create(
            Shop.deployment("web", replicas: replicas, behaviour: behaviour, memory: memory, cpu: cpu) { object in
                for (key, value) in spec.object ?? [:] { object[at: "spec", "template", "spec", key] = value }
                var first = object[at: "spec", "template", "spec", "containers"]?[0] ?? [:]
                for (key, value) in container.object ?? [:] { first[key] = value }
                object[at: "spec", "template", "spec", "containers"] = [first]
            }, .deployments)
        await advance(seconds)
    }

    func expectReady(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let status = try await object("web")["status"]
        let pods = try await client.listObjects(.pods, in: ListScope(namespace: "shop")).items.map { try $0.json() }
        let states = pods.map { $0[at: "status", "containerStatuses"]?.text() ?? $0["status"]?.text() ?? "" }
        #expect(status?["readyReplicas"]?.int == count, "\(states)", sourceLocation: sourceLocation)
    }

    func configMap(_ name: String = "settings", _ data: JSON = ["MODE": "fast"]) async throws {
        try await create(
            ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "namespace": "shop"], "data": data], .configMaps)
    }

    func secret(_ name: String = "keys") async throws {
        try await create(
            ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string(name), "namespace": "shop"], "data": ["KEY": "aGVsbG8="]],
            .secrets)
    }

    func quota(_ hard: JSON) async throws {
        try await create(
            ["apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "limits", "namespace": "shop"], "spec": ["hard": hard]],
            .resourceQuotas)
    }

    func delete(_ type: ResourceType, _ name: String) async throws {
        try await client.delete(ObjectKey(type: type, namespace: "shop", name: name))
    }

    func eachNode(_ patch: JSON) async throws {
        for node in ["worker-1", "worker-2"] {
            try await client.patch(ObjectKey(type: .nodes, namespace: "", name: node), .strategic(patch))
        }
    }

    /// Releases a template and lets it roll out, or not.
    func releaseWeb(_ template: JSON, seconds: Int = 60) async throws {
        try await release("web", template)
        await advance(seconds)
    }

    // MARK: Steps

    private func observed() async throws -> ObservedTarget {
        try #require(try await KubernetesRunner(read: client, act: client).read(path("web")))
    }

    private func cause(_ category: String, _ facts: JSON) -> Cause {
        Cause(severity: .high, category: category, resource: path("web"), title: "", text: "", confidence: 1, facts: facts)
    }

    func rollback(to revision: Int) async throws -> Plan.Step {
        try #require(Rollback().propose(for: cause("app-crash", ["goodRevision": JSON(revision)]), on: try await observed())).step
    }

    func restart() async throws -> Plan.Step {
        try #require(Restart().propose(for: cause("app-crash", [:]), on: try await observed())).step
    }

    func raiseLimit(needed: Int? = nil) async throws -> Plan.Step {
        var facts: JSON = ["container": "app"]
        if let needed { facts["memoryNeeded"] = JSON(needed) }
        return try #require(SetMemoryLimit().propose(for: cause("oom-killed", facts), on: try await observed())).step
    }

    func scale(to replicas: Int) -> Plan.Step {
        Plan.Step(
            type: "scale", target: path("web"), parameters: ["replicas": JSON(replicas)],
            patch: ["merge": ["spec": ["replicas": JSON(replicas)]]],
            inverse: .null, verification: ["goal": "recover"])
    }

    func setMemory(limit: String, request: String) -> Plan.Step {
        let resources: JSON = ["limits": ["memory": .string(limit)], "requests": ["memory": .string(request)]]
        return Plan.Step(
            type: "set-memory-limit", target: path("web"), parameters: ["limit": .string(limit)],
            patch: ["strategic": ["spec": ["template": Shop.container(["resources": resources])]]], inverse: .null,
            verification: ["goal": "recover"])
    }
}
