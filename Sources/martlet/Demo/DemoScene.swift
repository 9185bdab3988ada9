import Core
import Kubernetes
import Server
import Twin

/// The demo while it runs: a simulated cluster, and Martlet watching it.
struct DemoScene: Sendable {
    let story: any DemoStory
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

    /// Whether `count` Deployments of a namespace, and all there are, become ready within five minutes of the cluster's time.
    func isReady(_ namespace: String, count: Int) async throws -> Bool {
        for _ in 0..<300 {
            let deployments = try await client.list(Deployment.self, in: ListScope(namespace: namespace)).items
            let isReady = deployments.allSatisfy { $0.status.readyReplicas == $0.spec.replicas && $0.spec.replicas > 0 }
            if isReady, deployments.count == count { return true }
            try await client.clusterClock.sleep(for: .seconds(1))
        }
        return false
    }

    /// While somebody thinks, the cluster's time passes as ours: in hurried time a plan would expire, and its grounds change, under the
    /// reader's eyes.
    func wait(for somebody: Bool) async {
        let wanted = somebody ? min(speed, 1) : speed
        if pacer.speed != wanted { await pacer.change(speed: wanted) }
    }

    /// Returns once nothing more happens by itself, and so long after that an incident whose cause is gone has closed.
    func waitForTheEnd() async throws {
        repeat { try await client.clusterClock.sleep(for: .seconds(1)) } while await !cluster.isPlayOver
        try await client.clusterClock.sleep(for: .seconds(480))
    }

    /// Makes an object or changes it, as `kubectl apply` does.
    func create(_ object: JSON) async throws {
        guard let kind = object["kind"]?.string,
            let type = ResourceType.of(apiVersion: object["apiVersion"]?.string ?? "v1", kind: kind)
        else { return }
        let key = ObjectKey(
            type: type, namespace: object[at: "metadata", "namespace"]?.string ?? "", name: object[at: "metadata", "name"]?.string ?? "")
        _ = try await client.apply(object, at: key, manager: "demo")
    }
}
