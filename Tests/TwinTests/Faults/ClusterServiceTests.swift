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

    private func available(_ cluster: SimulatedCluster, _ name: String) async -> [String?] {
        let condition = await cluster.store.get(ObjectKey(type: .apiServices, namespace: "", name: name))?.condition("Available")
        return [condition?["status"]?.string, condition?["reason"]?.string, condition?["message"]?.string]
    }

    @Test func anAggregatedAPISaysWhetherItIsServed() async throws {
        let cluster = try await cluster()
        let name = "v1beta1.metrics.k8s.io"
        #expect(await available(cluster, name) == ["True", "Passed", "all checks passed"])
        let fault = try await cluster.inject("apiservice-unavailable", target: "APIService/\(name)")
        await cluster.advance(by: .seconds(60))
        let text = #"endpointslices for service/metrics-server in "kube-system" have no addresses with port name "https""#
        #expect(await available(cluster, name) == ["False", "MissingEndpoints", text])
        _ = await cluster.revert(fault.id)
        await cluster.advance(by: .seconds(60))
        #expect(await available(cluster, name).first == "True")
    }

    @Test(arguments: [
        ("absent", 443, "ServiceNotFound", #"service/absent in "kube-system" is not present"#),
        ("metrics-server", 1, "ServicePortError", #"service/metrics-server in "kube-system" is not listening on port 1"#),
    ]) func anAPIWithoutItsServiceIsUnavailable(_ service: String, _ port: Int, _ reason: String, _ message: String) async throws {
        let cluster = try await cluster()
        let body: JSON = [
            "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": ["name": "v1.quotes.example.com"],
            "spec": [
                "group": "quotes.example.com", "version": "v1", "groupPriorityMinimum": 1000, "versionPriority": 10,
                "service": ["namespace": "kube-system", "name": .string(service), "port": JSON(port)],
            ],
        ]
        try await cluster.apply(body, in: "")
        await cluster.advance(by: .seconds(1))
        #expect(await available(cluster, "v1.quotes.example.com") == ["False", reason, message])
    }

    @Test(arguments: [
        ("controller-manager-down", "kube-controller-manager", "kube-scheduler"),
        ("scheduler-down", "kube-scheduler", "kube-controller-manager"),
    ]) func whatIsDownRenewsItsLeaseNoMore(_ fault: String, _ silent: String, _ other: String) async throws {
        let cluster = try await cluster()
        func age(_ name: String) async -> Duration? {
            let lease = await cluster.store.get(ObjectKey(type: .leases, namespace: "kube-system", name: name))
            return lease?["spec"]?["renewTime"]?.string.flatMap { Timestamp($0) }.map { cluster.clock.now() - $0 }
        }
        for name in [silent, other] { #expect(try #require(await age(name)) < .seconds(15)) }
        let injected = try await cluster.inject(fault, target: "Lease/\(silent)")
        await cluster.advance(by: .seconds(60))
        #expect(try #require(await age(silent)) > .seconds(50))
        #expect(try #require(await age(other)) < .seconds(15))
        _ = await cluster.revert(injected.id)
        await cluster.advance(by: .seconds(20))
        #expect(try #require(await age(silent)) < .seconds(15))
    }

    @Test func namesAreGoneWithTheirServer() async throws {
        let cluster = try await cluster()
        _ = try await cluster.inject("cluster-dns-down", target: "kube-system/Deployment/coredns")
        await cluster.advance(by: .seconds(60))
        let endpoints = await cluster.store.get(ObjectKey(type: .endpoints, namespace: "kube-system", name: "kube-dns"))
        #expect(endpoints?["subsets"]?.array?.isEmpty ?? true)
    }
}
