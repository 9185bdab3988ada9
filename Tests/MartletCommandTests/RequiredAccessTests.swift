import Core
import Journal
import Kubernetes
import KubernetesDiagnosis
import KubernetesRemediation
import Remediation
import Server
import Testing
import Twin

@testable import martlet

/// What the doctor asks for and the manifests grant is what the program requests of a cluster: every kind and verb, and not one more.
@Suite struct RequiredAccessTests {
    private let cluster = SimulatedCluster(TwinOptions(seed: 3), images: BehaviourCatalogue())
    private let reading: NotingTransport
    private let acting: NotingTransport

    init() {
        reading = NotingTransport(cluster)
        acting = NotingTransport(cluster)
    }

    private func client(_ transport: any Transport) -> KubernetesClient {
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        return KubernetesClient(transport: transport, clock: cluster.clock, limits: limits)
    }

    /// It asks the API for what it may not have: then roles are looked at.
    private static let refused: JSON =
        #"web: {exit: {code: 1, after: 1s}, log: ['User "system:serviceaccount:default:default" cannot list resource "pods" in API group ""']}"#

    /// A Deployment whose second revision crashes.
    private func badRelease() async throws {
        let client = client(InProcessTransport(cluster))
        var deployment: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web", "namespace": "default"],
            "spec": [
                "replicas": 1, "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": [
                        "labels": ["app": "web"],
                        "annotations": [
                            "twin.martlet/behaviour": "web: {listen: 80}", "prometheus.io/scrape": "true", "prometheus.io/port": "80",
                        ],
                    ],
                    "spec": ["containers": [["name": "web", "image": "registry.example.com/web:1"]]],
                ],
            ],
        ]
        try await client.create(deployment, as: .deployments, namespace: "default")
        await cluster.advance(by: .seconds(60))
        deployment[at: "spec", "template", "metadata", "annotations", "twin.martlet/behaviour"] = Self.refused
        deployment[at: "spec", "template", "spec", "containers"] = [["name": "web", "image": "registry.example.com/web:2"]]
        try await client.patch(ObjectKey(type: .deployments, namespace: "default", name: "web"), .merge(deployment))
        await cluster.advance(by: .seconds(60))
    }

    @Test func isWhatIsRequested() async throws {
        try await badRelease()
        try await look()
        try await follow()
        try await repair()
        #expect(reading.rights.symmetricDifference(Right.all(of: required { $0 != .act })).map(\.description).sorted() == [])
        #expect(
            acting.rights.symmetricDifference(Right.all(of: required { $0 == .act })).map(\.description).sorted() == [],
            "only writes go out with the credentials for acting")
    }

    private func required(_ isWanted: (RequiredAccess.Purpose) -> Bool) -> [RequiredAccess] {
        RequiredAccess.all(readsSecrets: true).filter { isWanted($0.purpose) }
    }

    /// `martlet diagnose`.
    private func look() async throws {
        let snapshot = try await SnapshotCollector(client: client(reading), cluster: "twin").collect()
        #expect(!snapshot.logs.isEmpty && snapshot.notes.isEmpty)
    }

    /// The caches of `martlet serve`, until every kind is followed.
    private func follow() async throws {
        let feed = CachedFeed(client: client(reading), cluster: "twin", readsSecrets: true)
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        let watches = feed.cache.resources.map { Right("watch", $0.type.group, $0.type.plural) }
        for _ in 0..<200_000 where !reading.rights.isSuperset(of: watches) { await Task.yield() }
        #expect(reading.rights.isSuperset(of: watches))
    }

    /// A plan through its gates, the write and the verification; and the workloads of other kinds, looked at as plans look at them.
    private func repair() async throws {
        let read = client(reading), act = client(acting), clock = cluster.clock
        let site = Site.kubernetes(
            cluster: "twin", read: read, act: act, clock: clock, rehearsal: TwinRehearsal(read: read, clock: clock, readsSecrets: true))
        let engine = OperationEngine(
            journal: MemoryJournal(clock: clock), sites: [site],
            policies: [Policy(environment: "demo", autonomy: .approve, optionalGates: [.policy, .errorBudget, .drift, .rehearsal])],
            generator: SeededGenerator(seed: 1))
        let path = EntityPath(cluster: "twin", namespace: "default", kind: "Deployment", name: "web")
        let uid = try await site.runner.clusterUID()
        let incident = IncidentReference(
            id: "01INCIDENT0000000000000000", number: 1, cluster: "twin", clusterUID: uid, environment: "demo",
            cause: Cause(
                severity: .high, category: "app-crash", resource: path, title: "web crashes", text: "it crashes", confidence: 0.97,
                evidence: [Evidence(.status, source: "Pod/web", text: "exit code 1")],
                facts: ["goodRevision": 1, "badRevision": 2, "container": "web"]))
        let plan = try #require(try await engine.propose(for: incident).first)
        #expect(plan.gates.map(\.gate).contains(.rehearsal))
        let task = Task {
            try await engine.approve(plan.plan.id, digest: plan.digest, actor: "alice")
            try await engine.execute(plan.plan.id)
        }
        let ticker = Task { [cluster] in
            while !Task.isCancelled {
                if let next = cluster.clock.nextDeadline { await cluster.advance(to: next) } else { await Task.yield() }
            }
        }
        defer { ticker.cancel() }
        try await task.value
        #expect(await engine.plans[plan.plan.id]?.state == .done)
        let reader = WorkloadReader(read)
        for kind in WorkloadReader.types.keys.sorted() {
            _ = try await reader.read(EntityPath(cluster: "twin", namespace: "default", kind: kind, name: "none"))
        }
    }
}
