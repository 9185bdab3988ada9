import Core
import Kubernetes
import Twin

/// What happens in any cluster and is no incident: a release that went well, a pod that was deleted and replaced, a node that was
/// cordoned and taken back, a warning that means nothing.
struct TrialNoise {
    let cluster: SimulatedCluster
    let client: KubernetesClient

    func happen(_ generator: inout SeededGenerator) async throws {
        let bystanders = ["catalog", "cart", "recommendations", "checkout", "payments", "shipping"]
        func pick() -> String { bystanders[Int(generator.next() % UInt64(bystanders.count))] }
        try await release(pick())
        await cluster.advance(by: .seconds(60))
        _ = try await cluster.inject("node-cordoned", target: "Node/worker-1", for: .seconds(30))
        await cluster.advance(by: .seconds(60))
        try await replacePod(of: pick(), in: "shop")
        try await warn(about: pick())
        await cluster.advance(by: .seconds(120))
    }

    /// Deletes a pod of a Deployment, which makes another.
    func replacePod(of workload: String, in namespace: String) async throws {
        let pods = try await client.list(Pod.self, in: ListScope(namespace: namespace)).items
        guard let pod = pods.first(where: { $0.metadata.name.hasPrefix(workload + "-") }) else { return }
        try await client.delete(ObjectKey(type: .pods, namespace: namespace, name: pod.metadata.name))
    }

    /// A new template with the same program: what a deploy that goes well is.
    private func release(_ name: String) async throws {
        let patch: JSON = ["spec": ["template": ["metadata": ["annotations": ["release": "2"]]]]]
        _ = try await client.patch(
            ObjectKey(type: .deployments, namespace: "shop", name: name), .merge(patch))
    }

    private func warn(about name: String) async throws {
        let now = cluster.clock.now().rfc3339()
        try await client.create(
            [
                "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string("noise-\(name)"), "namespace": "shop"],
                "involvedObject": ["apiVersion": "v1", "kind": "Service", "name": .string(name), "namespace": "shop"],
                "reason": "SyncWarning", "message": "took longer than usual", "type": "Warning", "count": 1, "firstTimestamp": .string(now),
                "lastTimestamp": .string(now), "source": ["component": "mesh-sync"],
            ], as: .events)
    }
}
