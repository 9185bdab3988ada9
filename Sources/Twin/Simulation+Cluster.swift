package import Core
import Kubernetes

// What the API asks a simulation for.
extension Simulation {
    package func containerLog(namespace: String, pod: String, container: String, previous: Bool, store: ObjectStore) -> ContainerLogAnswer {
        switch log(namespace: namespace, pod: pod, container: container, previous: previous) {
        case .lines(let lines): .lines(lines.map { ($0.time, $0.text) })
        case .refused(let status, let message): .refused(code: status, message: message)
        }
    }

    package func metricsPage(of pod: (namespace: String, name: String)?, store: ObjectStore) -> String? {
        var text = prometheusText(of: pod)
        if pod == nil {
            var page = ExpositionText()
            StorageMetrics.write(world, store, to: &page)
            text += page.text
        }
        return text.isEmpty ? nil : text
    }

    package func podMetricsItems(namespace: String?, name: String?) -> [JSON] { podMetrics(namespace: namespace, name: name) }

    package func nodeMetricsItems(name: String?) -> [JSON] { nodeMetrics(name: name) }
}

extension SimulatedCluster {
    /// A fresh cluster with controllers, scheduler and kubelets, whose objects pass the API server's admission.
    /// `images` says how containers behave; `hear` is told what of that cannot be read in annotations.
    package init(_ options: TwinOptions, images: BehaviourCatalogue, hear: @escaping @Sendable (String) -> Void = { _ in }) {
        var simulation = SimulationOptions(seed: options.seed, catalogue: images)
        simulation.hear = hear
        self.init(options, simulation: Simulation.admitted(simulation))
    }
}

extension Simulation {
    /// A simulation whose controllers create through the API server's admission.
    package static func admitted(_ options: SimulationOptions) -> Simulation {
        var options = options
        options.admit = Admission.admit
        return Simulation(options: options)
    }
}
