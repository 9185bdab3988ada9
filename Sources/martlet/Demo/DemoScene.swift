import Core
import Kubernetes
import Server
import Twin

/// The demo while it runs: a simulated cluster, Martlet watching it, and what the scenario does to the one through its API.
struct DemoScene: Sendable {
    let scenario: DemoScenario
    let home: String
    let kubeconfig: String
    let cluster: SimulatedCluster
    let pacer: Pacer
    /// Seconds of the cluster in one of ours, while nobody is waited for.
    let speed: Double
    /// As the kubeconfig leads to the cluster.
    let client: KubernetesClient
    let composition: Composition
    /// Where Martlet answers.
    let url: String

    /// Starts the application and returns once all of it is ready.
    func bringUp() async throws {
        for object in scenario.manifests { try await create(object) }
        for _ in 0..<300 {
            let deployments = try await client.list(Deployment.self, in: ListScope(namespace: scenario.namespace)).items
            let isReady = deployments.allSatisfy { $0.status.readyReplicas == $0.spec.replicas && $0.spec.replicas > 0 }
            if isReady, deployments.count == scenario.components.count { return }
            try await client.clusterClock.sleep(for: .seconds(1))
        }
        throw MartletError(.timeout, "the services of \(scenario.namespace) did not become ready within five minutes of the cluster's time")
    }

    /// Makes the bad release.
    func release() async throws { try await create(scenario.release) }

    /// While somebody thinks, the cluster's time passes as ours: in hurried time a plan would expire, and its grounds change, under the
    /// reader's eyes.
    func wait(for somebody: Bool) async {
        let wanted = somebody ? min(speed, 1) : speed
        if pacer.speed != wanted { await pacer.change(speed: wanted) }
    }

    private func create(_ object: JSON) async throws {
        guard let kind = object["kind"]?.string,
            let type = ResourceType.of(apiVersion: object["apiVersion"]?.string ?? "v1", kind: kind)
        else { return }
        let key = ObjectKey(
            type: type, namespace: object[at: "metadata", "namespace"]?.string ?? "", name: object[at: "metadata", "name"]?.string ?? "")
        _ = try await client.apply(object, at: key, manager: "demo")
    }
}
