import Core
import Kubernetes
import KubernetesDiagnosis
import Testing
import Twin

@testable import Server

/// What `secrets:` of a cluster makes of its Secrets.
@Suite struct FeedSecretsTests {
    @Test(arguments: [true, false]) func keysAreFollowedOnlyWhereTheConfigurationSaysSo(_ readsSecrets: Bool) async throws {
        let cluster = SimulatedCluster(TwinOptions(seed: 5))
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        let client = KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock, limits: limits)
        try await client.create(
            [
                "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "db", "namespace": "default"],
                "stringData": ["DB_PASSWORD": "hunter2"],
            ], as: .secrets, namespace: "default")
        let feed = CachedFeed(client: client, cluster: "eu-1", readsSecrets: readsSecrets)
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        await feed.cache.waitUntilSynced()
        let snapshot = try await feed.snapshot()
        #expect(snapshot.knows("secrets") == readsSecrets)
        #expect(snapshot.secrets.filter { $0.metadata.name == "db" }.map(\.keys) == (readsSecrets ? [["DB_PASSWORD"]] : []))
        #expect(!"\(snapshot.secrets)".contains("hunter2") && !"\(snapshot.secrets)".contains("aHVudGVyMg"))
    }
}
