import Core
import Journal
import Kubernetes
import KubernetesRemediation
import Remediation
import Twin

/// A simulated cluster with a shop in it, a client, and engines over one journal: everything on one virtual clock.
struct Shop {
    let cluster: SimulatedCluster
    let client: KubernetesClient
    let journal: MemoryJournal
    var policy = Policy(
        environment: "demo", autonomy: .approve, optionalGates: [.policy, .errorBudget], verificationWindow: .seconds(60))

    init(nodes: Int = 2, nodeCPU: String = "4", nodeMemory: String = "8Gi") async throws {
        cluster = SimulatedCluster(
            TwinOptions(seed: 7, nodes: nodes, nodeCPU: nodeCPU, nodeMemory: nodeMemory),
            simulation: Simulation(options: SimulationOptions(seed: 7, leasePeriod: .seconds(30), admit: Admission.admit)))
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        client = KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock, limits: limits)
        journal = MemoryJournal(clock: cluster.clock)
        try await create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]], .namespaces)
    }

    func create(_ object: JSON, _ type: ResourceType) async throws {
        try await client.create(object, as: type, namespace: object[at: "metadata", "namespace"]?.string ?? "")
    }

    func path(_ name: String) -> EntityPath { EntityPath(cluster: "twin", namespace: "shop", kind: "Deployment", name: name) }
    func key(_ name: String) -> ObjectKey { ObjectKey(type: .deployments, namespace: "shop", name: name) }

    /// A Deployment of one container `app`. `behaviour` is YAML for it.
    static func deployment(
        _ name: String, replicas: Int = 2, behaviour: String = "{listen: 8080}", memory: String = "128Mi", cpu: String = "100m",
        change: (inout JSON) -> Void = { _ in }
    ) -> JSON {
        let amounts: JSON = ["memory": .string(memory), "cpu": .string(cpu)]
        let container: JSON = [
            "name": "app", "image": .string("registry.example.com/shop/\(name):1.0.0"), "ports": [["containerPort": 8080]],
            "resources": ["limits": ["memory": .string(memory)], "requests": amounts],
            "readinessProbe": ["httpGet": ["path": "/", "port": 8080], "periodSeconds": 2],
        ]
        var object: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name), "namespace": "shop"],
            "spec": [
                "replicas": JSON(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": [
                        "labels": ["app": .string(name)], "annotations": ["twin.martlet/behaviour": .string("app: \(behaviour)")],
                    ],
                    "spec": ["containers": [container]],
                ],
            ],
        ]
        change(&object)
        return object
    }

    /// Applies a strategic merge patch to a Deployment's template: a release.
    func release(_ name: String, _ template: JSON) async throws {
        try await client.patch(key(name), .strategic(["spec": ["template": template]]))
    }

    static func container(_ members: JSON) -> JSON {
        var container = members
        container["name"] = "app"
        return ["spec": ["containers": .array([container])]]
    }

    func advance(_ seconds: Int) async { await cluster.advance(by: .seconds(seconds)) }

    func object(_ name: String) async throws -> JSON { try await client.get(key(name)) }

    func incident(_ name: String, _ category: String, facts: JSON = [:], id: String = "01INCIDENT0000000000000000") async throws
        -> IncidentReference
    {
        IncidentReference(
            id: id, number: 12, cluster: "twin", clusterUID: await cluster.uid, environment: "demo",
            cause: Cause(
                severity: .high, category: category, resource: path(name), title: "\(name) does not start", text: "it does not start",
                confidence: 0.97, evidence: [Evidence(.status, source: "Pod/\(name)", text: "exit code 1")], facts: facts))
    }

    func engine(
        transport: (any Transport)? = nil, journal other: (any JournalAppending)? = nil, clock: (any WallClock)? = nil,
        vitals: (any Vitals)? = nil, seed: UInt64 = 1
    ) async -> OperationEngine {
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        let clock = clock ?? cluster.clock
        let client = transport.map { KubernetesClient(transport: $0, clock: clock, limits: limits) } ?? self.client
        var site = Site.kubernetes(
            cluster: "twin", read: client, act: client, clock: clock,
            rehearsal: TwinRehearsal(read: client, clock: clock, readsSecrets: true))
        if let vitals {
            site = Site(
                cluster: "twin", catalogue: site.catalogue, gates: site.gates, runner: site.runner, vitals: vitals, clock: clock)
        }
        return OperationEngine(
            journal: other ?? journal, replaying: await journal.entries, sites: [site], policies: [policy],
            generator: SeededGenerator(seed: seed))
    }

    func plan(_ engine: OperationEngine, _ incident: IncidentReference) async throws -> PlanRecord? {
        try await engine.propose(for: incident).first
    }
}
