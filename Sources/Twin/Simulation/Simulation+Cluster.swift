package import Core

/// What the cluster around it asks of the simulation.
extension Simulation: ClusterSimulation {
    package func metricsPage(namespace: String, pod: String) -> String? {
        let text = prometheusText(namespace: namespace, pod: pod)
        return text.isEmpty ? nil : text
    }

    package func podMetricsItem(namespace: String, pod: String, store: ObjectStore, now: Timestamp) -> JSON? {
        podMetrics(namespace: namespace, name: pod).first
    }

    package func nodeMetricsItem(node: String, store: ObjectStore, now: Timestamp) -> JSON? { nodeMetrics(name: node).first }
}
