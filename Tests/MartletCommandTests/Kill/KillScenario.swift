import Core
import Kubernetes
import Twin

/// A workload that is broken when Martlet comes, and what must have become of it in the end, however often Martlet was killed.
struct KillScenario: Sendable, CustomStringConvertible {
    let description: String
    /// `twin.martlet/behaviour` of its one container.
    let behaviour: String
    /// Members of the container besides name and image.
    let container: JSON
    /// Those that a bad release changes, once it has run well; nil where it is broken from the start.
    let release: JSON?
    /// Of the one operation.
    let outcome: String
    /// What the operation's annotations end in, in the order of its writes.
    let writes: [String]
    /// The incident's last entry.
    let end: EntryType
    /// Members of the container in the end.
    let result: JSON

    static let all = [helps, doesNotHelp]

    /// A release takes a setting away that the program needs; it comes back.
    static let helps = KillScenario(
        description: "a repair that helps", behaviour: "{listen: 8080, needsEnv: [PAYMENTS_URL]}",
        container: ["env": [["name": "PAYMENTS_URL", "value": "http://payments"]]],
        release: ["env": [["name": "PAYMENTS_URL", "$patch": "delete"]]],
        outcome: "repaired", writes: ["/0"], end: .incidentResolved,
        result: ["env": [["name": "PAYMENTS_URL", "value": "http://payments"]]])

    /// The program needs more memory than the repair gives it, which nothing shows before; the old limit comes back.
    static let doesNotHelp = KillScenario(
        description: "a repair that does not help", behaviour: "{listen: 8080, memory: 400Mi}",
        container: ["resources": ["limits": ["memory": "64Mi"], "requests": ["memory": "64Mi"]]], release: nil,
        outcome: "rolled-back", writes: ["/0", "/0/inverse"], end: .incidentEscalated,
        result: ["resources": ["limits": ["memory": "64Mi"], "requests": ["memory": "64Mi"]]])

    private static let deployment = ObjectKey(type: .deployments, namespace: "shop", name: "checkout")

    /// The broken cluster, before time begins to run by itself.
    func makeCluster(token: String) async throws -> SimulatedCluster {
        let cluster = SimulatedCluster(TwinOptions(seed: 7, tokens: [token: .administrator]), images: BehaviourCatalogue())
        let client = KillScenario.client(of: cluster)
        var app = container
        app["name"] = "app"
        app["image"] = "registry.example/shop/checkout:1.0.0"
        app["ports"] = [["containerPort": 8080]]
        app["readinessProbe"] = ["httpGet": ["path": "/", "port": 8080], "periodSeconds": 2]
        try await client.create(
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]], as: .namespaces, namespace: "")
        try await client.create(
            [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "checkout", "namespace": "shop"],
                "spec": [
                    "replicas": 2, "selector": ["matchLabels": ["app": "checkout"]],
                    "template": [
                        "metadata": [
                            "labels": ["app": "checkout"], "annotations": ["twin.martlet/behaviour": .string("app: \(behaviour)")],
                        ],
                        "spec": ["containers": [app]],
                    ],
                ],
            ], as: .deployments, namespace: "shop")
        await cluster.advance(by: .seconds(60))
        if var release {
            release["name"] = "app"
            try await client.patch(
                KillScenario.deployment, .strategic(["spec": ["template": ["spec": ["containers": [release]]]]]))
            await cluster.advance(by: .seconds(60))
        }
        return cluster
    }

    /// Whether the workload is what it must be in the end.
    func isRight(_ cluster: SimulatedCluster) async throws -> Bool {
        let object = try await KillScenario.client(of: cluster).get(KillScenario.deployment)
        let app = object[at: "spec", "template", "spec", "containers"]?[0]
        return result.object?.allSatisfy { app?[$0] == $1 } == true
    }

    private static func client(of cluster: SimulatedCluster) -> KubernetesClient {
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        return KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock, limits: limits)
    }
}
