import Core
import Incidents
import Journal
import Kubernetes
import KubernetesDiagnosis
import Logging
import Remediation
import Synchronization
import Testing

@testable import Server

/// What a look at a cluster does to its incidents.
@Suite struct ClusterLoopTests {
    /// Shows what the test puts there.
    private final class ShownCluster: SnapshotFeed {
        private let state: Mutex<KubernetesSnapshot>
        let settable = SettableClock()
        var clock: any WallClock { settable }

        init() { state = Mutex(KubernetesSnapshot(time: settable.now(), cluster: "eu-1")) }

        func show(
            _ pods: [String], forbidden: Set<String> = [], in namespaces: Set<String>? = nil, deployments: [String] = []
        ) throws {
            let pods = try pods.map { try Pod(parsing: Array($0.utf8)) }
            let deployments = try deployments.map { try Deployment(parsing: Array($0.utf8)) }
            state.withLock { snapshot in
                snapshot.pods = pods
                snapshot.deployments = deployments
                snapshot.forbidden = forbidden
                snapshot.forbiddenIn = [:]
                if let namespaces { for kind in forbidden { snapshot.forbiddenIn[kind] = namespaces } }
                snapshot.listed = Set(["pods", "events", "deployments", "replicasets", "nodes"]).subtracting(forbidden)
            }
        }

        func snapshot() async throws -> KubernetesSnapshot {
            let now = settable.now()
            return state.withLock { snapshot in
                snapshot.time = now
                return snapshot
            }
        }

        func changes() async -> AsyncStream<Void> { AsyncStream { $0.finish() } }
        func health() async -> FeedHealth { FeedHealth(isSynced: true) }
        func run() async throws {}
    }

    private static let crashing = """
        {"metadata":{"name":"worker","namespace":"shop","uid":"1"},"spec":{"containers":[{"name":"worker","image":"w:1"}]},
         "status":{"phase":"Running","containerStatuses":[{"name":"worker","ready":false,"restartCount":7,
           "state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}]}}
        """

    /// A loop over what a test shows it.
    private struct Watch {
        let folder: TemporaryFolder
        let shown = ShownCluster()
        let ledger: Ledger
        let loop: ClusterLoop

        init() async throws {
            folder = try TemporaryFolder()
            ledger = try await Ledger(
                try JournalStore(directory: StoreDirectory(folder.path), clock: shown.settable), redactor: Redactor(.keyed([1])))
            loop = ClusterLoop(
                cluster: "eu-1", environment: "prod", feed: shown, ledger: ledger,
                engine: OperationEngine(journal: ledger, generator: SeededGenerator(seed: 1)), redactor: Redactor(.keyed([1])),
                generator: SeededGenerator(seed: 2), machine: shown.settable,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clusterUID: { "uid" })
        }

        func look(minutes: Int) async {
            for _ in 0..<minutes {
                shown.settable.advance(by: .seconds(60))
                await loop.round()
            }
        }
    }

    /// Whoever may not see pods any more does not see that they are well.
    @Test func withoutPodsNothingCountsAsGone() async throws {
        let watch = try await Watch()
        let (shown, ledger) = (watch.shown, watch.ledger)

        try shown.show([Self.crashing])
        await watch.look(minutes: 1)
        #expect(await ledger.incidents.incidents.count == 1)
        try shown.show([], forbidden: ["pods"])
        await watch.look(minutes: 20)
        #expect(await ledger.incidents.incidents.first?.resolvedAt == nil)
        try shown.show([])
        await watch.look(minutes: 20)
        #expect(await ledger.incidents.incidents.first?.outcome == "self")
    }

    /// What is known from a workload's status alone also ends there, and a blind namespace does not keep another's incidents open.
    @Test func whatCanBeTellsOfItsEnd() async throws {
        let watch = try await Watch()
        let (shown, ledger) = (watch.shown, watch.ledger)
        func deployment(ready: Int) -> String {
            """
            {"metadata":{"name":"web","namespace":"unseen","uid":"2","generation":1,"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"replicas":2},
             "status":{"observedGeneration":1,"readyReplicas":\(ready),"conditions":[{"type":"Available","status":"\(ready == 0 ? "False" : "True")",
               "lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
            """
        }

        try shown.show([Self.crashing], forbidden: ["pods"], in: ["unseen"], deployments: [deployment(ready: 0)])
        await watch.look(minutes: 3)
        let open = await ledger.incidents.incidents
        #expect(open.map(\.cause.resource.name).sorted() == ["web", "worker"])
        #expect(open.first { $0.cause.resource.name == "web" }?.cause.isUndecided == true)
        try shown.show([], forbidden: ["pods"], in: ["unseen"], deployments: [deployment(ready: 2)])
        await watch.look(minutes: 20)
        #expect(await ledger.incidents.incidents.map(\.outcome) == ["self", "self"])
    }
}
