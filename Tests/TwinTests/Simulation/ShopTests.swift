import Core
import Kubernetes
import Testing

@testable import Twin

@Suite struct ShopTests {
    /// The built-in shop comes up, serves its load through all twelve services, and nothing restarts or fails.
    @Test func theShopServesItsLoad() async throws {
        let cluster = SimulatedCluster(TwinOptions(nodes: 5), images: BehaviourCatalogue())
        let client = KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock)
        for object in BuiltInApplication.shop.objects {
            let type = try #require(ResourceType.of(apiVersion: object.apiVersion, kind: object.kind), "\(object.kind)")
            let key = ObjectKey(type: type, namespace: object.metadataNamespace, name: object.metadataName)
            _ = try await client.apply(object, at: key, manager: "test")
        }
        await cluster.advance(by: .seconds(180))
        let pods = await cluster.store.list(.pods, namespace: "shop")
        #expect(Set(pods.compactMap { $0.labels["app"] }).count == 12)
        #expect(pods.allSatisfy { $0.condition("Ready")?["status"]?.string == "True" })
        let before = try await served(cluster, pods)
        await cluster.advance(by: .seconds(60))
        let after = try await served(cluster, pods)
        for app in before.keys.sorted() {
            let good = after[app, default: [:]]["200", default: 0] - before[app, default: [:]]["200", default: 0]
            let bad =
                after[app, default: [:]].filter { $0.key != "200" }.values.reduce(0, +)
                - before[app, default: [:]].filter { $0.key != "200" }.values.reduce(0, +)
            #expect(good > 100, "\(app) served \(good) in a minute")
            #expect(bad <= good * 0.01, "\(app) failed \(bad) of \(good)")
        }
        let entry = after["frontend", default: [:]]["200", default: 0] - before["frontend", default: [:]]["200", default: 0]
        #expect((6000...18_000).contains(entry), "\(entry)")
    }

    /// Requests by application and code.
    private func served(_ cluster: SimulatedCluster, _ pods: [JSON]) async throws -> [String: [String: Double]] {
        var result: [String: [String: Double]] = [:]
        for pod in pods {
            let name = pod.metadataName
            let answer = await cluster.handle(
                TwinRequest("GET", target: "/api/v1/namespaces/shop/pods/\(name)/proxy/metrics", certificateUser: .administrator))
            for line in String(decoding: answer.bytes ?? [], as: UTF8.self).split(separator: "\n")
            where line.hasPrefix("http_requests_total{") {
                guard let code = line.firstRange(of: "code=\""), let value = line.split(separator: " ").last.flatMap({ Double($0) }) else {
                    continue
                }
                result[pod.labels["app"] ?? "", default: [:]][String(line[code.upperBound...].prefix(3)), default: 0] += value
            }
        }
        return result
    }
}
