import Core
import Kubernetes
import MartletTesting
import Synchronization
import Testing

@Suite struct CacheFaultTests {
    private final class Deliveries: Sendable {
        let state = Mutex<(seen: Set<String>, twice: [String])>(([], []))
        func take(_ change: CacheChange) {
            guard change.kind != .deleted else { return }
            state.withLock { state in
                let id = "\(change.uid)@\(change.resourceVersion)"
                if !state.seen.insert(id).inserted { state.twice.append(id) }
            }
        }
    }

    /// Issue, "Done when" 7: drops, 410, 429, 500 and truncation over 10,000 changes; the cache equals the server whenever it is quiet.
    @Test(arguments: [1, 2] as [UInt64]) func cacheEqualsTheServerWheneverItIsQuiet(seed: UInt64) async throws {
        let server = FaultyServer(seed: seed, misfortune: 0.08)
        let clock = ManualClock()
        var limits = KubernetesClient.Limits()
        limits.pageSize = 25
        limits.callsPerSecond = 0
        let client = KubernetesClient(transport: server, clock: clock, limits: limits, seed: seed)
        let deliveries = Deliveries()
        let cache = ClusterCache(
            client: client, resources: [.resource(Pod.self), .resource(Deployment.self), .resource(Secret.self)],
            onChange: { deliveries.take($0) })
        let run = Task { try await cache.run() }
        defer { run.cancel() }
        for burst in 0..<100 {
            for _ in 0..<100 {
                server.change()
                await Task.yield()
            }
            let isEqual = await settles(cache, server, clock)
            try #require(isEqual, "burst \(burst)")
        }
        #expect(server.complaints == [])
        #expect(deliveries.state.withLock { $0.twice } == [])
        #expect(server.faults.count >= 10, "\(server.faults)")
        let refused = await cache.refused
        #expect(refused.map(\.source.type) == [.secrets])
        #expect(await cache.isSynced)
    }

    /// Lets virtual time pass until the cache holds what the server has; false when it never does.
    private func settles(_ cache: ClusterCache, _ server: FaultyServer, _ clock: ManualClock) async -> Bool {
        for _ in 0..<20_000 {
            for _ in 0..<20 { await Task.yield() }
            if await isEqual(cache, server) { return true }
            clock.advance(by: .milliseconds(500))
        }
        return false
    }

    private func isEqual(_ cache: ClusterCache, _ server: FaultyServer) async -> Bool {
        let pods = await cache.items(Pod.self).map {
            "\($0.metadata.name) \($0.metadata.uid) \($0.metadata.resourceVersion) \($0.spec.nodeName ?? "")"
        }
        let deployments = await cache.items(Deployment.self).map {
            "\($0.metadata.name) \($0.metadata.uid) \($0.metadata.resourceVersion) v\($0.spec.replicas)"
        }
        func expected(_ type: String) -> [String] {
            server.objects(type).map { "\($0.key) \($0.value.uid) \($0.value.version) v\($0.value.value)" }.sorted()
        }
        return pods == expected("pods") && deployments == expected("deployments")
    }

    @Test func keepTakesOutWhatIsNotUsedAndChangesAreTold() async throws {
        let server = FaultyServer(seed: 3, misfortune: 0)
        for _ in 0..<50 { server.change() }
        let clock = ManualClock()
        let client = KubernetesClient(transport: server, clock: clock)
        let cache = ClusterCache(
            client: client,
            resources: [
                .resource(Pod.self) { pod in
                    var pod = pod
                    pod.spec = PodSpec()
                    return pod.metadata.name == "o1" ? nil : pod
                }
            ])
        let run = Task { try await cache.run() }
        defer { run.cancel() }
        await cache.waitUntilSynced()
        let pods = await cache.items(Pod.self)
        #expect(pods.map(\.metadata.name) == server.objects("pods").keys.filter { $0 != "o1" }.sorted())
        #expect(pods.allSatisfy { $0.spec.nodeName == nil })
        let before = await cache.version(of: .pods)
        var changes = await cache.changes().makeAsyncIterator()
        while await cache.version(of: .pods) == before {
            server.change()
            await Task.yield()
        }
        #expect(await changes.next() != nil)
    }
}
