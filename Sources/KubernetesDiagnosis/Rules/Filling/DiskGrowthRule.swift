import Core
import Diagnosis
import Kubernetes

/// A volume, or the disk of a node, will be full within hours.
struct DiskGrowthRule: Rule {
    let name = "disk-growth"
    let categories = ["disk-filling"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A volume or the disk of a node will be full within a day.",
            sees: ["metrics", "persistentvolumeclaims"],
            evidence: ["the slope, its fit, and the time that is left"],
            contradictedBy: ["growth slows down"],
            next: ["find out what writes to it"],
            references: [])
    }

    /// What fills up later can wait for the morning.
    private static let horizon = 24 * 3600.0

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        let metrics = scene.snapshot.metrics
        for used in metrics.named("kubelet_volume_stats_used_bytes") {
            guard let claim = used.labels["persistentvolumeclaim"], let namespace = used.labels["namespace"],
                let capacity = metrics.named(
                    "kubelet_volume_stats_capacity_bytes", ["persistentvolumeclaim": claim, "namespace": namespace]
                )
                .first?.last?.value
            else { continue }
            let users = scene.snapshot.claims.first { $0.metadata.name == claim && $0.metadata.namespace == namespace }
                .map { claim in Set(scene.podsMounting(claim).map { scene.workload(ofPod: $0).path }).sorted() }
            conclude(
                scene.path("PersistentVolumeClaim", namespace, claim), used.samples, capacity: capacity, users: users ?? [], scene, &draft)
        }
        for free in metrics.named("node_filesystem_avail_bytes") where free.labels["mountpoint"] == "/" {
            guard let node = free.labels["node"] ?? free.labels["instance"], scene.node(node) != nil,
                let size = metrics.named("node_filesystem_size_bytes").first(where: {
                    $0.labels["mountpoint"] == "/" && ($0.labels["node"] ?? $0.labels["instance"]) == node
                })?.last?.value
            else { continue }
            let used = free.samples.map { MetricSeries.Sample(time: $0.time, value: size - $0.value) }
            conclude(scene.path("Node", "", node), used, capacity: size, users: [], scene, &draft)
        }
    }

    private func conclude(
        _ path: EntityPath, _ used: [MetricSeries.Sample], capacity: Double, users: [EntityPath], _ scene: Scene, _ draft: inout Draft
    ) {
        guard capacity > 0, let last = used.last, scene.now - last.time < .seconds(600), let growth = SteadyGrowth(used), growth.fit > 0.9,
            growth.seconds >= 900, growth.last / capacity > 0.15, let left = growth.seconds(until: capacity), left < Self.horizon
        else { return }
        let percent = Int(100 * growth.last / capacity)
        for user in users { draft.graph.add(user, .mounts, path) }
        draft.hypotheses.append(
            Hypothesis(
                rule: name, category: "disk-filling", resource: path, depth: .external, severity: left < 4 * 3600 ? .high : .medium,
                complaint: "fills up", fact: "\(percent) % used, full in \(RoughTime.words(left))",
                text:
                    "\(path.kind) \(path.name) is \(percent) % full and grows by \(Int(growth.slope * 3600 / 1_048_576)) Mi an hour: it is full in \(RoughTime.words(left))",
                since: scene.now + .seconds(-growth.seconds),
                support: [
                    Support(
                        .strong,
                        Evidence(.metric, source: path.resource, text: "grows by \(Int(growth.slope * 3600 / 1_048_576)) Mi an hour")),
                    Support(
                        .strong,
                        Evidence(
                            .metric, source: "forecast/\(path.name)",
                            text: "a straight line (R² \(Int(growth.fit * 100)) %) ends in \(RoughTime.words(left))")),
                ], next: ["find out what writes to it: " + (users.first?.resource ?? "no pod that mounts it is known")]))
    }
}
