import Core
import Diagnosis
import Kubernetes
import Testing
import Twin

@testable import KubernetesDiagnosis

/// Who may see a Deployment and not its pods is told that something is wrong, and that why cannot be seen.
@Suite struct BlindnessTests {
    private let twin = SimulatedCluster(TwinOptions(), images: BehaviourCatalogue())
    private let eve = UserInfo(name: "eve", groups: ["system:authenticated"])
    private var administrator: KubernetesClient { KubernetesClient(transport: InProcessTransport(twin), clock: twin.clock) }

    private static let well: JSON = ["name": "main", "image": "registry.example/shop/web:1"]
    private static let broken: JSON = [
        "name": "main", "image": "registry.example/shop/web:1", "envFrom": [["configMapRef": ["name": "absent"]]],
    ]

    private func allow(_ resources: [String], in namespace: String) async throws {
        let name = "eve-\(namespace)"
        try await administrator.create(
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
                "metadata": ["name": .string(name), "namespace": .string(namespace)],
                "rules": [
                    ["apiGroups": ["apps", ""], "resources": .array(resources.map { .string($0) }), "verbs": ["get", "list", "watch"]]
                ],
            ], as: .roles)
        try await administrator.create(
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
                "metadata": ["name": .string(name), "namespace": .string(namespace)],
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": .string(name)],
                "subjects": [["kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"]],
            ], as: .roleBindings)
    }

    private func deploy(_ name: String, in namespace: String, deadline: Int = 600, isBroken: Bool = false) async throws {
        let labels: JSON = ["app": .string(name)]
        try await administrator.create(
            [
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": ["name": .string(name), "namespace": .string(namespace)],
                "spec": [
                    "replicas": 2, "progressDeadlineSeconds": .integer(Int64(deadline)), "selector": ["matchLabels": labels],
                    "template": [
                        "metadata": ["labels": labels], "spec": ["containers": [isBroken ? Self.broken : Self.well]],
                    ],
                ],
            ], as: .deployments)
    }

    private func namespace(_ name: String) async throws {
        try await administrator.create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]], as: .namespaces)
    }

    private func look(_ namespaces: [String]) async throws -> (snapshot: KubernetesSnapshot, report: DiagnosisReport) {
        let client = KubernetesClient(transport: InProcessTransport(twin, user: eve), clock: twin.clock)
        let snapshot = try await SnapshotCollector(client: client, cluster: "twin").collect(namespaces: namespaces)
        return (snapshot, diagnose(snapshot))
    }

    @Test func aDeploymentThatIsNotReadyIsUndecidedWithoutItsPods() async throws {
        try await namespace("shop")
        try await allow(["deployments", "replicasets", "services"], in: "shop")
        try await deploy("broken", in: "shop", isBroken: true)
        try await deploy("well", in: "shop")
        await twin.advance(by: .seconds(30))
        #expect(try await look(["shop"]).report.causes == [], "a start takes its time")
        await twin.advance(by: .seconds(90))
        let (snapshot, report) = try await look(["shop"])
        #expect(snapshot.pods.isEmpty && !snapshot.seesPods(in: "shop"))
        let cause = try #require(report.causes.first)
        #expect(report.causes.count == 1)
        #expect(cause.isUndecided && cause.resource.name == "broken" && cause.resource.kind == "Deployment")
        #expect(cause.text == "0 of 2 pods are ready")
        #expect(cause.undecided.contains { $0.contains("pods of shop could not be read") })
        #expect(report.undetermined.contains("not allowed to list pods"))
    }

    @Test func aRolloutPastItsDeadlineIsToldThoughEnoughPodsServe() async throws {
        try await namespace("shop")
        try await allow(["deployments"], in: "shop")
        try await deploy("web", in: "shop", deadline: 60)
        await twin.advance(by: .seconds(60))
        let patch: JSON = ["spec": ["template": ["spec": ["containers": [Self.broken]]]]]
        _ = try await administrator.patch(
            ObjectKey(type: .deployments, namespace: "shop", name: "web"), .strategic(patch))
        await twin.advance(by: .seconds(30))
        #expect(try await look(["shop"]).report.causes == [])
        await twin.advance(by: .seconds(120))
        let cause = try #require(try await look(["shop"]).report.causes.first)
        #expect(cause.isUndecided && cause.text.hasSuffix("the rollout has passed its deadline"))
    }

    @Test func aBlindNamespaceDoesNotBlindItsNeighbour() async throws {
        for name in ["seen", "unseen"] { try await namespace(name) }
        try await allow(["deployments", "replicasets", "pods", "events", "configmaps"], in: "seen")
        try await allow(["deployments"], in: "unseen")
        for name in ["seen", "unseen"] { try await deploy("broken", in: name, isBroken: true) }
        await twin.advance(by: .seconds(120))
        let (snapshot, report) = try await look(["seen", "unseen"])
        #expect(snapshot.seesPods(in: "seen") && !snapshot.seesPods(in: "unseen"))
        #expect(report.undetermined.contains("not allowed to list pods in unseen"))
        let byNamespace = Dictionary(grouping: report.causes, by: \.resource.namespace)
        #expect(byNamespace["seen"]?.map(\.category) == ["configmap-missing"])
        #expect(byNamespace["unseen"]?.map(\.isUndecided) == [true])
    }
}
