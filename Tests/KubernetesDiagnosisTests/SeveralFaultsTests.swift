import Core
import Diagnosis
import Kubernetes
import KubernetesDiagnosis
import Testing
import Twin

/// Several things go wrong at once: each is told once, however many suffer from it.
@Suite struct SeveralFaultsTests {
    private static let clients = ["cart", "search", "orders", "reviews", "billing", "reports", "login", "stock"]

    private static func deployment(_ name: String, replicas: Int = 3, behaviour: String = "", more: String = "") -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: mall}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: \(name)}}
          template:
            metadata:
              labels: {app: \(name)}
              annotations: {twin.martlet/behaviour: "\(name): {\(behaviour)}"}
            spec:
              containers:
              - name: \(name)
                image: registry.example.com/mall/\(name):1.0
                ports: [{containerPort: 8080}]
                env: [{name: DATABASE_URL, value: "postgres://database:8080/mall"}]
                \(more)
        ---
        {apiVersion: v1, kind: Service, metadata: {name: \(name), namespace: mall}, spec: {selector: {app: \(name)}, ports: [{port: 8080}]}}
        """
    }

    private static func cluster() async throws -> SimulatedCluster {
        var parts = ["{apiVersion: v1, kind: Namespace, metadata: {name: mall}}", deployment("database", replicas: 1)]
        parts += clients.map { deployment($0, behaviour: "needsPeer: [{env: DATABASE_URL, after: 2s}]") }
        parts += [deployment("web", replicas: 14), deployment("images", replicas: 14), deployment("mailer", replicas: 14)]
        var scenario = Scenario(name: "several")
        scenario.namespace = "mall"
        scenario.objects = try Manifest.read(parts.joined(separator: "\n---\n"), place: "test")
        let twin = SimulatedCluster(TwinOptions(nodes: 4, nodeCPU: "16", nodeMemory: "32Gi"), images: BehaviourCatalogue())
        try await twin.play(scenario)
        await twin.advance(by: .seconds(120))
        return twin
    }

    @Test func fourFaultsAreFourIncidents() async throws {
        let twin = try await Self.cluster()
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        let client = KubernetesClient(transport: InProcessTransport(twin), clock: twin.clock, limits: limits)
        let collector = SnapshotCollector(client: client, cluster: "twin")
        #expect(diagnose(try await collector.collect()).causes.map(\.text) == [])
        var truths: Set<String> = []
        for (fault, target) in [
            ("app-crash", "database"), ("image-registry-unreachable", "web"), ("insufficient-memory", "images"),
            ("configmap-missing", "mailer"),
        ] {
            let injected = try await twin.inject(fault, target: "mall/Deployment/\(target)")
            truths.insert("\(injected.truth.category) \(injected.truth.resource)")
        }
        // Who starts now meets a database that is not there.
        for pod in try await client.list(Pod.self, in: ListScope(namespace: "mall")).items {
            guard Self.clients.contains(pod.metadata.labels["app"] ?? "") else { continue }
            try await client.delete(ObjectKey(type: .pods, namespace: "mall", name: pod.metadata.name))
        }
        await twin.advance(by: .seconds(400))
        let snapshot = try await collector.collect()
        let report = diagnose(snapshot)
        #expect(Set(report.causes.map { "\($0.category) \($0.resource.resource)" }) == truths, "\(report.causes.map(\.text))")
        #expect(report.causes.count == 4)
        let suffering = snapshot.pods.count { !$0.isReady }
        #expect(suffering >= 40, "\(suffering) pods")
    }
}
