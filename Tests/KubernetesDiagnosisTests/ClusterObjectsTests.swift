import Core
import Kubernetes
import Testing
import Twin

@testable import KubernetesDiagnosis

@Suite struct ClusterObjectsTests {
    private func collector(_ twin: SimulatedCluster, user: UserInfo) -> SnapshotCollector {
        SnapshotCollector(
            client: KubernetesClient(transport: InProcessTransport(twin, user: user), clock: twin.clock), cluster: "twin")
    }

    @Test func whatMayNotBeListedIsNamedAndLeftOut() async throws {
        let twin = SimulatedCluster(TwinOptions(), images: BehaviourCatalogue())
        let administrator = KubernetesClient(transport: InProcessTransport(twin), clock: twin.clock)
        try await administrator.create(
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": ["name": "some"],
                "rules": [["apiGroups": ["apps", ""], "resources": ["deployments", "pods", "configmaps"], "verbs": ["list"]]],
            ], as: .clusterRoles)
        try await administrator.create(
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": ["name": "some"],
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "some"],
                "subjects": [["kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"]],
            ], as: .clusterRoleBindings)
        let objects = try await collector(twin, user: UserInfo(name: "eve", groups: ["system:authenticated"])).objects()
        #expect(objects.known == ["deployments", "pods", "configmaps"])
        let note = try #require(objects.notes.first { $0.hasPrefix("not allowed to list ") })
        #expect(note.contains("nodes") && note.contains("services") && !note.contains("secrets"))
        #expect(Set(objects.objects.compactMap { $0["kind"]?.string }) == ["ConfigMap"])
    }

    @Test func whoMayListNothingIsTold() async throws {
        let twin = SimulatedCluster(TwinOptions(), images: BehaviourCatalogue())
        let collector = collector(twin, user: UserInfo(name: "mallory", groups: ["system:authenticated"]))
        await #expect {
            _ = try await collector.objects()
        } throws: { ($0 as? MartletError)?.code == .forbidden && ($0 as? MartletError)?.fix?.contains("doctor") == true }
    }
}
