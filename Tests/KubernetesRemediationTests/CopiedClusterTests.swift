import Core
import Kubernetes
import KubernetesRemediation
import Testing
import Twin

@Suite struct CopiedClusterTests {
    private func pods(of cluster: SimulatedCluster) async -> [JSON] { await cluster.store.list(.pods, namespace: "shop") }

    private func objects(_ shop: Shop, _ types: [ResourceType]) async throws -> [JSON] {
        var all: [JSON] = []
        for type in types { all += try await shop.client.listObjects(type).items.map { try $0.json() } }
        return all
    }

    @Test func nodesAndNamespacesThatMayNotBeReadAreStoodInFor() async throws {
        let shop = try await Shop()
        try await shop.web(replicas: 3)
        let given = try await objects(shop, [.deployments, .replicaSets, .pods])
        let copy = try SimulatedCluster(
            copying: given, podMetrics: [], knowsSecrets: false, knowsNodes: false, options: TwinOptions(start: shop.cluster.clock.now()))
        await copy.advance(by: .seconds(400))
        let names = Set(await pods(of: copy).compactMap { $0[at: "metadata", "name"]?.string })
        #expect(names == Set(await pods(of: shop.cluster).compactMap { $0[at: "metadata", "name"]?.string }))
        #expect(await copy.store.list(.nodes, namespace: nil).count == 2)
        #expect(await copy.rejected == [])
    }

    @Test func anImageWhoseNameIsNoneIsRefusedThereToo() async throws {
        let shop = try await Shop()
        try await shop.web()
        try await shop.releaseWeb(Shop.container(["image": "bad:::name"]))
        let given = try await objects(shop, [.nodes, .namespaces, .deployments, .replicaSets, .pods])
        let copy = try SimulatedCluster(
            copying: given, podMetrics: [], knowsSecrets: true, knowsNodes: true, options: TwinOptions(start: shop.cluster.clock.now()))
        await copy.advance(by: .seconds(60))
        let reasons = await pods(of: copy).compactMap {
            $0[at: "status", "containerStatuses"]?[0]?[at: "state", "waiting", "reason"]?.string
        }
        #expect(reasons == ["InvalidImageName"])
    }

    @Test func aProgramThatFailedFailsWhenItIsMadeAnew() async throws {
        let shop = try await Shop()
        try await shop.web(behaviour: "{exit: {code: 3, after: 2s}}", seconds: 120)
        var given = try await objects(shop, [.nodes, .namespaces, .deployments, .replicaSets, .pods])
        // What the programs do is known from their status alone.
        for i in given.indices {
            given[i][at: "metadata", "annotations", "twin.martlet/behaviour"] = nil
            given[i][at: "spec", "template", "metadata", "annotations"] = nil
        }
        let copy = try SimulatedCluster(
            copying: given, podMetrics: [], knowsSecrets: true, knowsNodes: true, options: TwinOptions(start: shop.cluster.clock.now()))
        let client = KubernetesClient(transport: InProcessTransport(copy), clock: copy.clock)
        for pod in await pods(of: copy) {
            let name = pod[at: "metadata", "name"]?.string ?? ""
            try await client.delete(ObjectKey(type: .pods, namespace: "shop", name: name))
        }
        await copy.advance(by: .seconds(120))
        let made = await pods(of: copy)
        #expect(made.count == 2)
        #expect(
            made.allSatisfy {
                ($0[at: "status", "containerStatuses"]?[0]?[at: "lastState", "terminated", "exitCode"]?.int
                    ?? $0[at: "status", "containerStatuses"]?[0]?[at: "state", "terminated", "exitCode"]?.int) == 3
            })
    }
}
