import Core
import Kubernetes

/// The metrics of a simulated cluster as its metrics APIs give them: those of resources, where their API is served. There is no adapter
/// for custom and external ones.
struct ClusterMetrics: MetricSource {
    let pods: [PodEntry]
    let namespace: String
    let world: World

    func resource(_ name: String, container: String?) throws(AutoscalingFailure) -> [String: MetricSample] {
        switch ResourceMetricsAPI.state(world) {
        case .served: break
        case .absent: throw unreachable("resource", AutoscalerTexts.notServed("pods.metrics.k8s.io"))
        case .unavailable: throw unreachable("resource", AutoscalerTexts.notHandled("pods.metrics.k8s.io"))
        }
        var result: [String: MetricSample] = [:]
        for pod in pods {
            guard let worker = world.pods[pod.uid], let metrics = ResourceMetrics.pod(worker, labels: [:], now: world.now) else { continue }
            var containers = metrics["containers"]?.array ?? []
            if let container {
                containers = containers.filter { $0["name"]?.string == container }
                if containers.isEmpty {
                    throw AutoscalingFailure(AutoscalerTexts.containerNotPresent(container, namespace, pod.key.name))
                }
            }
            let milli = containers.reduce(0) { $0 + Int(Amount.milli($1["usage"]?[name])) }
            result[pod.key.name] = MetricSample(milli: milli, time: world.now, window: ResourceMetrics.window)
        }
        if result.isEmpty { throw AutoscalingFailure(AutoscalerTexts.noResourceMetrics()) }
        return result
    }

    func pods(_ metric: String, selector: JSON?) throws(AutoscalingFailure) -> [String: MetricSample] {
        throw unreachable("custom", AutoscalerTexts.noCustomAPI())
    }

    func object(_ metric: String, described: JSON, selector: JSON?) throws(AutoscalingFailure) -> Int {
        throw unreachable("custom", AutoscalerTexts.noCustomAPI())
    }

    func external(_ metric: String, selector: JSON?) throws(AutoscalingFailure) -> [Int] {
        throw unreachable("external", AutoscalerTexts.notServed("\(metric).external.metrics.k8s.io"))
    }

    private func unreachable(_ api: String, _ message: String) -> AutoscalingFailure {
        AutoscalingFailure(AutoscalerTexts.cannotFetch(api, message))
    }
}

/// Whether metrics.k8s.io answers. Without an APIService the twin itself serves it; one that names a Service is up as long as that has
/// endpoints.
enum ResourceMetricsAPI {
    enum State { case served, absent, unavailable }

    static let group = "metrics.k8s.io"

    static func state(_ world: World) -> State { world.runs(.resourceMetrics) ? state(world.store) : .absent }

    /// As the API server sees it.
    static func state(_ cluster: ClusterState) -> State {
        let isRunning = (cluster.simulation as? Simulation)?.world.runs(.resourceMetrics) ?? true
        return isRunning ? state(cluster.store) : .absent
    }

    private static func state(_ store: ObjectStore) -> State {
        let key = ObjectKey(type: .apiServices, namespace: "", name: "v1beta1.\(group)")
        guard let service = store.get(key)?["spec"]?["service"], let name = service["name"]?.string else { return .served }
        let endpoints = store.get(ObjectKey(type: .endpoints, namespace: service["namespace"]?.string ?? "", name: name))
        let isUp = endpoints?["subsets"]?.array?.contains { $0["addresses"]?.array?.isEmpty == false } == true
        return isUp ? .served : .unavailable
    }
}
