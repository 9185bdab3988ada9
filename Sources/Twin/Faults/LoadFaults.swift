import Core
import Kubernetes

/// What slows requests down or loses them while everything runs: it shows in metrics and in the logs of callers.
enum LoadFaults {
    static let all: [Fault] =
        [
            pods("pod-network-delay", "each answer of its pods takes 400 ms longer", Disturbance(latency: .milliseconds(400))),
            pods(
                "pod-network-loss", "its pods lose packets: answers take 150 ms longer, and one in eight never comes",
                Disturbance(latency: .milliseconds(150), errorShare: 0.125)),
            Fault("pod-cpu-overload", "something beside the requests burns nine tenths of its CPU limit", on: WorkloadFaults.form) {
                (target, scene) throws(MartletError) in
                let key = try WorkloadFaults.key(target)
                let container = scene.store.get(key)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first
                let limit = Double(Amount.milli(container?["resources"]?["limits"]?["cpu"])) / 1000
                try scene.disturb(Disturbance(stolenCPU: 0.9 * (limit > 0 ? limit : 1)), key)
            },
            node("node-network-delay", "each answer of its pods takes 400 ms longer", Disturbance(latency: .milliseconds(400))),
            node(
                "node-network-loss", "its pods lose packets: answers take 150 ms longer, and one in eight never comes",
                Disturbance(latency: .milliseconds(150), errorShare: 0.125)),
        ] + overload

    /// What more load than usual, or less room for it, does.
    private static let overload: [Fault] = [
        WorkloadFaults.workload("traffic-surge", "half as many requests again reach its Service as its pods can answer") {
            (key, scene) throws(MartletError) in
            let object = scene.store.get(key)
            let labels = object?["spec"]?["template"]?["metadata"]?["labels"]?.stringMap ?? [:]
            let services = scene.store.list(.services, namespace: key.namespace)
            let service = services.first { service in
                let selector = service["spec"]?["selector"]?.stringMap ?? [:]
                return !selector.isEmpty && Selection(labels: selector).matches(labels)
            }
            guard let service else {
                throw MartletError(.invalid, "no Service leads to \(key.type.kind)/\(key.name)", fix: "name a workload that has one")
            }
            let program = try scene.program(of: key)
            let container = object?["spec"]?["template"]?["spec"]?["containers"]?.array?.first
            let limit = Double(Amount.milli(container?["resources"]?["limits"]?["cpu"])) / 1000
            let work = program.work.secondCount
            let byWorkers = Double(program.workers) / max(0.000_5, program.latency.secondCount + work)
            let byCPU = work > 0 && limit > 0 ? limit / work : .infinity
            let pods = Double(max(1, scene.simulation.pods(of: key, in: scene.store).count))
            let rate = (1.5 * pods * min(byWorkers, byCPU)).rounded()
            try scene.set(
                ["metadata", "annotations", LoadShape.annotation], to: .string(JSON.ecmaScriptNumber(rate)),
                of: ObjectKey(type: .services, namespace: key.namespace, name: service.metadataName))
        },
        WorkloadFaults.workload("retry-storm", "its program tries each call up to ten times and gives an answer 5 ms") {
            (key, scene) throws(MartletError) in
            guard try !scene.program(of: key).calls.isEmpty else {
                throw MartletError(.invalid, "\(key.type.kind)/\(key.name) calls nobody", fix: "name a workload that calls others")
            }
            try scene.disorder(key) { program in
                for i in program.calls.indices { (program.calls[i].retries, program.calls[i].timeout) = (9, .milliseconds(5)) }
            }
        },
        WorkloadFaults.workload("noisy-neighbour", "its programs, no longer limited, take nearly all CPU of their nodes") {
            (key, scene) throws(MartletError) in
            try scene.changeContainer(of: key) { (container) throws(MartletError) in container[at: "resources", "limits", "cpu"] = nil }
            let cores = scene.store.list(.nodes, namespace: nil).map { Double(Amount.milli($0["status"]?["allocatable"]?["cpu"])) / 1000 }
            let use = 0.99 * (cores.min() ?? 1)
            try scene.disorder(key) { $0.cpu = use }
        },
    ]

    private static func pods(_ slug: String, _ about: String, _ disturbance: Disturbance) -> Fault {
        Fault(slug, about, on: WorkloadFaults.form) { (target, scene) throws(MartletError) in
            try scene.disturb(disturbance, try WorkloadFaults.key(target))
        }
    }

    private static func node(_ slug: String, _ about: String, _ disturbance: Disturbance) -> Fault {
        Fault(slug, about, on: "Node/NAME", isOfCluster: true) { (target, scene) throws(MartletError) in
            try scene.disturb(disturbance, ObjectKey(type: .nodes, namespace: "", name: target.name))
        }
    }
}
