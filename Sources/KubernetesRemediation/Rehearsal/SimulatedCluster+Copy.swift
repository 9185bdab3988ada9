package import Core
import Kubernetes
package import Twin

extension SimulatedCluster {
    /// A simulated cluster with the shape of another: its objects under their names, each program doing what it was last seen to do, or
    /// what its annotation `twin.martlet/behaviour` says. Values of Secrets are replaced.
    ///
    /// - Parameters:
    ///   - objects: each with `apiVersion` and `kind`.
    ///   - podMetrics: `metrics.k8s.io` measurements of the pods.
    ///   - knowsSecrets: whether all Secrets are among the objects; else references to others are taken as fulfilled.
    ///   - knowsNodes: whether all nodes are among the objects; else each that a pod runs on is stood in for.
    ///   - hear: is told what cannot be read in the annotations that say what programs do.
    package init(
        copying objects: [JSON], podMetrics: [JSON], knowsSecrets: Bool, knowsNodes: Bool, options: TwinOptions,
        hear: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(MartletError) {
        let seen = try SeenObjects(objects, podMetrics: podMetrics, at: options.start, keepsStated: true)
        var ways = SimulationOptions(seed: options.seed, catalogue: seen.catalogue, assumeSecretsExist: !knowsSecrets)
        ways.hear = hear
        let simulation = Simulation.admitted(ways)
        var names: [String: Set<String>] = ["Namespace": [], "Node": [], "RuntimeClass": []]
        for object in objects {
            if let namespace = object[at: "metadata", "namespace"]?.string { names["Namespace"]?.insert(namespace) }
            if !knowsNodes, object["kind"] == "Pod", let node = object[at: "spec", "nodeName"]?.string { names["Node"]?.insert(node) }
        }
        // They are no part of a snapshot; pods that name one would be refused.
        for object in objects {
            let template = object[at: "spec", "template"] ?? object[at: "spec", "jobTemplate", "spec", "template"] ?? object
            if let name = template[at: "spec", "runtimeClassName"]?.string { names["RuntimeClass"]?.insert(name) }
        }
        for object in objects where object["apiVersion"] == "v1" || object["kind"] == "RuntimeClass" {
            names[object["kind"]?.string ?? ""]?.remove(object[at: "metadata", "name"]?.string ?? "")
        }
        let missing =
            (names["Namespace"] ?? []).sorted().map { StandIn.namespace($0) }
            + (names["Node"] ?? []).sorted().map { StandIn.node($0, options) }
            + (names["RuntimeClass"] ?? []).sorted().map { StandIn.runtimeClass($0) }
        self.init(loading: missing + seen.objects, options: options, simulation: simulation)
    }
}
