import Core
import Incidents
import Journal
import Kubernetes
import KubernetesDiagnosis
import KubernetesRemediation
import Logging
import Remediation
import Synchronization
import Testing
import Twin

@testable import Server

/// A simulated cluster with one Deployment, `checkout`, in namespace `shop`, and Martlet in front of it, run after run over one store:
/// all on one virtual clock, and nothing happens unless a test asks for it.
struct WatchedShop {
    let cluster: SimulatedCluster
    let client: KubernetesClient
    /// What the API server does not let Martlet have.
    let refusals = Refusals()
    let folder: TemporaryFolder

    init() async throws {
        cluster = SimulatedCluster(TwinOptions(seed: 3), images: BehaviourCatalogue())
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        client = KubernetesClient(
            transport: RefusingTransport(base: InProcessTransport(cluster), refusals: refusals), clock: cluster.clock, limits: limits)
        folder = try TemporaryFolder()
        try await client.create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]], as: .namespaces)
    }

    func martlet(policy: Policy? = nil, log: any LogHandler = SwiftLogNoOpLogHandler()) async throws -> WatchingMartlet {
        try await WatchingMartlet(self, policy: policy, log: log)
    }

    static let good = "{listen: 8080}"
    static let crashes = #"{listen: 8080, exit: {code: 1, after: 1}, log: ["panic: no such table: orders"]}"#

    /// Releases a version that replaces all pods of the one before, and waits for what comes of it.
    func release(_ version: Int, _ behaviour: String, annotations: JSON = [:]) async throws {
        let container: JSON = [
            "name": "checkout", "image": .string("registry.example/shop/checkout:\(version)"), "ports": [["containerPort": 8080]],
            "resources": ["requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "128Mi"]],
            "readinessProbe": ["httpGet": ["path": "/", "port": 8080], "periodSeconds": 2],
        ]
        var annotations = annotations
        annotations["twin.martlet/behaviour"] = .string("checkout: \(behaviour)")
        let object: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "checkout", "namespace": "shop"],
            "spec": [
                "replicas": 2, "strategy": ["type": "Recreate"], "selector": ["matchLabels": ["app": "checkout"]],
                "template": [
                    "metadata": ["labels": ["app": "checkout"], "annotations": annotations], "spec": ["containers": [container]],
                ],
            ],
        ]
        _ = try await client.apply(
            object, at: ObjectKey(type: .deployments, namespace: "shop", name: "checkout"), manager: "ana", force: true)
        await cluster.advance(by: .seconds(90))
    }
}

/// One run of Martlet over a store.
struct WatchingMartlet {
    let store: JournalStore
    let ledger: Ledger
    let engine: OperationEngine
    let loop: ClusterLoop

    init(_ shop: WatchedShop, policy: Policy?, log: any LogHandler) async throws {
        let (cluster, client) = (shop.cluster, shop.client)
        store = try JournalStore(directory: StoreDirectory(shop.folder.path), clock: cluster.clock)
        let redactor = Redactor(.keyed([1]))
        let ledger = try await Ledger(store, redactor: redactor)
        self.ledger = ledger
        let site = Site.kubernetes(
            cluster: "eu-1", read: client, act: client, clock: cluster.clock,
            rehearsal: TwinRehearsal(
                read: client, clock: cluster.clock, readsSecrets: true, remembered: { await ledger.revisions.programs(of: "eu-1") },
                failing: { await ledger.revisions.failing(of: "eu-1") }))
        let policy =
            policy
            ?? Policy(
                environment: "staging", autonomy: .approve, optionalGates: Set(GateResult.Gate.allCases), verificationWindow: .seconds(60))
        engine = OperationEngine(
            journal: ledger, replaying: try await ledger.history(), sites: [site], policies: [policy],
            generator: SeededGenerator(seed: 1), objection: { await ledger.objection(to: $0) })
        let runner = site.runner
        loop = ClusterLoop(
            cluster: "eu-1", environment: "staging", feed: LookedAt(client: client), ledger: ledger, engine: engine, redactor: redactor,
            generator: SeededGenerator(seed: 2), machine: cluster.clock, logger: Logger(label: "test") { _ in log },
            clusterUID: { try await runner.clusterUID() },
            podMetrics: { (try? await client.list(PodMetrics.self).items) ?? [] })
    }

    var incident: Incident { get async throws { try #require(await ledger.incidents.incidents.first) } }

    /// The plans of the one incident that there is, best first, after asking for some.
    func plans() async throws -> [PlanRecord] {
        let incident = try await incident
        await loop.plan(incident.id)
        return await ledger.plans.plans(of: incident.id)
    }

    /// The first plan of which something is so, as soon as it is.
    func next(_ isSo: (PlanRecord) -> Bool) async throws -> PlanRecord {
        for _ in 0..<1_000_000 {
            if let plan = await ledger.plans.plans.first(where: isSo) { return plan }
            await Task.yield()
        }
        throw MartletError(.timeout, "no such plan came")
    }

    /// Looks at a cluster when asked to.
    private struct LookedAt: SnapshotFeed {
        let client: KubernetesClient
        var clock: any WallClock { client.clusterClock }
        func snapshot() async throws -> KubernetesSnapshot { try await SnapshotCollector(client: client, cluster: "eu-1").collect() }
        func changes() async -> AsyncStream<Void> { AsyncStream { $0.finish() } }
        func health() async -> FeedHealth { FeedHealth(isSynced: true) }
        func run() async throws {}
    }
}

/// Paths that are answered with 403.
final class Refusals: Sendable {
    private let parts = Mutex<[String]>([])
    func add(_ part: String) { parts.withLock { $0.append(part) } }
    func clear() { parts.withLock { $0 = [] } }
    func refuse(_ path: String) -> Bool { parts.withLock { $0.contains(where: path.contains) } }
}

private struct RefusingTransport: Transport {
    let base: any Transport
    let refusals: Refusals

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        guard refusals.refuse(call.path) else { return try await base.send(call) }
        let status: JSON = [
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403, "reason": "Forbidden",
            "message": #"User "martlet" cannot get this resource"#,
        ]
        return HTTPAnswer(status: 403, body: HTTPBody(status.serialized()))
    }
}
