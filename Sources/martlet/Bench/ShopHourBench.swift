import ArgumentParser
import Core
import Kubernetes
import Twin

/// One hour of the built-in shop under 200 requests a second, as fast as possible.
struct ShopHourBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-shop-hour")

    func run() async throws {
        let cluster = SimulatedCluster(TwinOptions(nodes: 5), images: BehaviourCatalogue())
        let client = KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock)
        for object in BuiltInApplication.shop.objects {
            guard let type = ResourceType.of(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "") else {
                throw MartletError(.internalError, "the shop has a \(object["kind"]?.string ?? "nameless object") that no client knows")
            }
            let metadata = object["metadata"]
            let key = ObjectKey(type: type, namespace: metadata?["namespace"]?.string ?? "", name: metadata?["name"]?.string ?? "")
            _ = try await client.apply(object, at: key, manager: "bench")
        }
        await cluster.advance(by: .seconds(300))
        let ready = try await client.list(Pod.self, in: ListScope(namespace: "shop")).items.count { $0.status.phase == "Running" }
        let start = ContinuousClock.now, used = Cost.processorSeconds
        await cluster.advance(by: .seconds(3600))
        Figure(
            name: "twin-shop-hour", value: (ContinuousClock.now - start).secondCount, unit: "s", limit: 10,
            more: ["cpuTime": .number(Figure.round(Cost.processorSeconds - used)), "pods": JSON(ready)]
        ).print()
    }
}
