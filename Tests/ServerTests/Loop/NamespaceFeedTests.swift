import Core
import Kubernetes
import KubernetesDiagnosis
import Testing
import Twin

@testable import Server

/// A Role in each of the namespaces that are watched is enough, and one that is missing is said.
@Suite struct NamespaceFeedTests {
    @Test func eachNamespaceIsFollowedByItself() async throws {
        let twin = SimulatedCluster(TwinOptions(), images: BehaviourCatalogue())
        // The cluster's time stands still, and with it what fills the limit on calls again.
        var limits = KubernetesClient.Limits()
        limits.burst = 1000
        let administrator = KubernetesClient(transport: InProcessTransport(twin), clock: twin.clock, limits: limits)
        for name in ["a", "b", "c"] {
            try await administrator.create(["metadata": ["name": .string(name)]], as: .namespaces)
            try await administrator.create(
                ["metadata": ["name": "kept", "namespace": .string(name)], "data": ["in": .string(name)]], as: .configMaps)
            for (role, resources) in [("watch", ["pods", "deployments", "configmaps"]), ("none", ["nothing"])]
            where (role == "watch") == (name != "b") {
                try await administrator.create(
                    [
                        "metadata": ["name": "eve", "namespace": .string(name)],
                        "rules": [
                            [
                                "apiGroups": ["", "apps"], "resources": .array(resources.map { .string($0) }),
                                "verbs": ["get", "list", "watch"],
                            ]
                        ],
                    ], as: .roles)
                try await administrator.create(
                    [
                        "metadata": ["name": "eve", "namespace": .string(name)],
                        "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "eve"],
                        "subjects": [["kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"]],
                    ], as: .roleBindings)
            }
        }
        let eve = KubernetesClient(
            transport: InProcessTransport(twin, user: UserInfo(name: "eve", groups: ["system:authenticated"])), clock: twin.clock,
            limits: limits)
        let feed = CachedFeed(client: eve, cluster: "twin", namespaces: ["b", "a"])
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        await feed.cache.waitUntilSynced()

        let health = await feed.health()
        #expect(health.isBlind)
        #expect(health.unreadable.contains("pods in b") && health.unreadable.contains("configmaps in b"))
        #expect(health.unreadable.contains("events"), "refused in both")
        let snapshot = try await feed.snapshot()
        #expect(snapshot.seesPods(in: "a") && !snapshot.seesPods(in: "b"))
        #expect(snapshot.configMaps.filter { $0.metadata.name == "kept" }.map(\.metadata.namespace) == ["a"])

        let whole = CachedFeed(client: administrator, cluster: "twin", namespaces: ["b", "a"])
        let second = Task { try await whole.run() }
        defer { second.cancel() }
        await whole.cache.waitUntilSynced()
        #expect(await whole.health().isBlind == false)
        let all = try await whole.snapshot().configMaps.filter { $0.metadata.name == "kept" }
        #expect(all.map(\.metadata.namespace) == ["a", "b"])
    }
}
