import Core
import Kubernetes
import Testing

@testable import Twin

/// What runs in every cluster that `martlet twin` starts, and what happens when it does not.
@Suite struct ClusterServiceTests {
    private func cluster() async throws -> SimulatedCluster {
        let cluster = SimulatedCluster(TwinOptions(nodes: 2), images: BehaviourCatalogue())
        try await cluster.makeClusterServices()
        await cluster.advance(by: .seconds(60))
        return cluster
    }

    private func status(_ cluster: SimulatedCluster, _ path: String) async -> Int {
        await cluster.handle(TwinRequest("GET", target: path)).status
    }

    @Test func itAllRuns() async throws {
        let cluster = try await cluster()
        let pods = await cluster.store.list(.pods, namespace: "kube-system")
        #expect(pods.count == 3 && pods.allSatisfy { $0.condition("Ready")?["status"]?.string == "True" }, "\(pods)")
        #expect(await status(cluster, "/apis/metrics.k8s.io/v1beta1/nodes") == 200)
    }

    @Test func whatAnAggregatedServerServesGoesWithIt() async throws {
        let cluster = try await cluster()
        let fault = try await cluster.inject("apiservice-unavailable", target: "APIService/v1beta1.metrics.k8s.io")
        await cluster.advance(by: .seconds(60))
        #expect(await status(cluster, "/apis/metrics.k8s.io/v1beta1/nodes") == 503)
        _ = await cluster.revert(fault.id)
        await cluster.advance(by: .seconds(60))
        #expect(await status(cluster, "/apis/metrics.k8s.io/v1beta1/nodes") == 200)
    }

    @Test func namesAreGoneWithTheirServer() async throws {
        let cluster = try await cluster()
        _ = try await cluster.inject("cluster-dns-down", target: "kube-system/Deployment/coredns")
        await cluster.advance(by: .seconds(60))
        let endpoints = await cluster.store.get(ObjectKey(type: .endpoints, namespace: "kube-system", name: "kube-dns"))
        #expect(endpoints?["subsets"]?.array?.isEmpty ?? true)
    }
}
