import Core
import Kubernetes

/// What slows requests down or loses them while everything runs: it shows in metrics and in the logs of callers.
enum LoadFaults {
    static let all: [Fault] = [
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
