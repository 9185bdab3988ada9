import Core
import Incidents
import Journal
import Kubernetes
import KubernetesDiagnosis
import Logging
import Remediation
import Server
import Twin

/// Martlet in front of a simulated cluster, without a socket: the cache, the loop and the journal of `martlet serve`, on the cluster's clock.
/// It looks when it is asked to, and sees then what the cluster is at that moment.
struct NoiseWatch: Sendable {
    static let cluster = "shop"
    private let twin: SimulatedCluster
    private let feed: CachedFeed
    private let ledger: Ledger
    private let loop: ClusterLoop
    private let store: JournalStore
    private let following: Task<Void, any Error>
    /// Up to which version of the cluster the cache has caught up.
    private var version: Int64 = 0

    init(_ twin: SimulatedCluster, client: KubernetesClient, home: String) async throws {
        self.twin = twin
        feed = CachedFeed(client: client, cluster: Self.cluster, readsSecrets: true)
        store = try JournalStore(directory: StoreDirectory(home), clock: twin.clock)
        let redactor = Redactor(.keyed([1]))
        ledger = try await Ledger(store, redactor: redactor)
        await ledger.follow(clock: twin.clock, of: Self.cluster)
        let engine = OperationEngine(journal: ledger, generator: SeededGenerator(seed: 1))
        loop = ClusterLoop(
            cluster: Self.cluster, environment: "prod", feed: feed, ledger: ledger, engine: engine, redactor: redactor,
            generator: SeededGenerator(seed: 2), machine: twin.clock, logger: Logger(label: "noise") { _ in SwiftLogNoOpLogHandler() },
            clusterUID: { await twin.uid })
        let feed = feed
        following = Task { try await feed.run() }
    }

    /// Waits for the cache to be what the cluster is, looks, and brings the incidents up to date.
    /// - Throws: `MartletError` when the cache never comes to equal the cluster, or the look fails.
    mutating func look() async throws {
        try await catchUp()
        await loop.round()
        if let trouble = await loop.trouble { throw MartletError(.internalError, "the look failed: \(trouble)") }
    }

    /// Every incident so far, by number.
    var incidents: [Incident] { get async { await ledger.incidents.incidents } }

    func close() async {
        following.cancel()
        _ = await following.result
        await store.close()
    }

    private mutating func catchUp() async throws {
        let wanted = await twin.newestVersions(since: version)
        for _ in 0..<2000 {
            for _ in 0..<200 {
                if await isCaughtUp(wanted) {
                    version = wanted.values.max() ?? version
                    return
                }
                await Task.yield()
            }
            // A watch that has ended may wait, on this clock, before it is opened again.
            await twin.advance(by: .milliseconds(10))
        }
        throw MartletError(.timeout, "the cache never came to equal the cluster")
    }

    private func isCaughtUp(_ wanted: [ResourceType: Int64]) async -> Bool {
        for resource in feed.cache.resources {
            guard let version = wanted[resource.type] else { continue }
            if await feed.cache.resourceVersion(of: resource.type) ?? -1 < version { return false }
        }
        return await feed.cache.isSynced
    }
}
