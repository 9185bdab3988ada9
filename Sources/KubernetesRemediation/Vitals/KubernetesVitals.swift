package import Core
package import Kubernetes
package import Remediation

/// Measures a workload by what the API says of its pods, and its error rate by the metrics that the pods serve, where they do.
package struct KubernetesVitals: Vitals {
    private let reader: WorkloadReader
    private let metrics: PodMetricsText?
    /// The cluster's time.
    private let clock: any WallClock

    /// - Parameter readsMetrics: whether to ask pods that are annotated for scraping for their Prometheus text, through the API
    ///   server's proxy (needs `get` on `pods/proxy`).
    package init(read: KubernetesClient, clock: any WallClock, readsMetrics: Bool = true) {
        reader = WorkloadReader(read)
        metrics = readsMetrics ? PodMetricsText(read) : nil
        self.clock = clock
    }

    package func measure(_ target: EntityPath) async throws -> VitalSigns {
        guard let seen = try await reader.read(target) else {
            throw MartletError(.notFound, "\(target.shortDescription) does not exist")
        }
        var signs = KubernetesVitals.signs(of: seen, at: clock.now())
        if let metrics { (signs.traffic, signs.missedTraffic) = await metrics.traffic(of: KubernetesVitals.pods(of: seen)) }
        return signs
    }

    /// What one reading says; pure.
    package static func signs(of seen: ObservedTarget, at now: Timestamp) -> VitalSigns {
        let object = seen.object
        let desired =
            seen.path.kind == "DaemonSet" ? object[at: "status", "desiredNumberScheduled"]?.int : object[at: "spec", "replicas"]?.int ?? 1
        let pods = pods(of: seen)
        let observed = object[at: "status", "observedGeneration"]?.int ?? 0 >= object[at: "metadata", "generation"]?.int ?? 0
        var signs = VitalSigns(time: now, desired: desired, ready: observed ? pods.count(where: isReady) : 0)
        signs.serving = (seen.related["Pod"] ?? []).count { $0[at: "metadata", "deletionTimestamp"] == nil && isReady($0) }
        var restarts: [String: Int] = [:]
        var exposure = 0.0
        for pod in pods {
            let name = pod[at: "metadata", "name"]?.string ?? ""
            let statuses = pod[at: "status", "containerStatuses"]?.array ?? []
            for status in statuses { restarts["\(name)/\(status["name"]?.string ?? "")"] = status["restartCount"]?.int ?? 0 }
            if let started = pod[at: "status", "startTime"]?.string.flatMap({ Timestamp($0) }) {
                exposure += max(0, (now - started).secondCount) * Double(statuses.count)
            }
        }
        signs.restarts = restarts
        signs.exposure = exposure
        return signs
    }

    /// The pods of the wanted version that are not on their way out.
    static func pods(of seen: ObservedTarget) -> [JSON] {
        let pods = (seen.related["Pod"] ?? []).filter { $0[at: "metadata", "deletionTimestamp"] == nil }
        switch seen.path.kind {
        case "Deployment":
            guard let uid = Workload(target: seen).current?[at: "metadata", "uid"]?.string else { return [] }
            return pods.filter { WorkloadReader.isOwned($0, by: [uid]) }
        case "StatefulSet":
            guard let revision = seen.object[at: "status", "updateRevision"]?.string else { return pods }
            return pods.filter { $0[at: "metadata", "labels", "controller-revision-hash"]?.string == revision }
        default:
            guard let generation = seen.object[at: "metadata", "generation"]?.int else { return pods }
            return pods.filter {
                $0[at: "metadata", "labels", "pod-template-generation"]?.string.flatMap { Int($0) } ?? generation == generation
            }
        }
    }

    static func isReady(_ pod: JSON) -> Bool {
        (pod[at: "status", "conditions"]?.array ?? []).contains { $0["type"]?.string == "Ready" && $0["status"]?.string == "True" }
    }
}
