import Core
import Kubernetes

/// What keeps an autoscaler from doing its work.
enum AutoscalerFaults {
    static let all: [Fault] = [
        fault("hpa-no-metrics", "the metrics API is not served") { (_, _, scene) throws(MartletError) in
            scene.stop(.resourceMetrics)
        },
        fault("hpa-missing-requests", "the containers that it scales request no CPU") { (_, workload, scene) throws(MartletError) in
            try scene.changeTemplate(of: workload) { (template) throws(MartletError) in
                template[at: "spec", "containers"] = .array(
                    (template["spec"]?["containers"]?.array ?? []).map { container in
                        var container = container
                        // A limit alone would count as the request.
                        for kind in ["requests", "limits"] { container[at: "resources", kind, "cpu"] = nil }
                        return container
                    })
            }
        },
        fault("hpa-at-max", "the pods that it scales use twice the CPU that it aims at, however many there are") {
            (key, workload, scene) throws(MartletError) in
            let container = scene.store.get(workload)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first
            let resources = container?["resources"]
            let request = Double(Amount.milli(resources?["requests"]?["cpu"] ?? resources?["limits"]?["cpu"])) / 1000
            let metrics = scene.store.get(key)?["spec"]?["metrics"]?.array ?? []
            let aim = metrics.compactMap { $0["resource"] }.first { $0["name"]?.string == "cpu" }?["target"]?["averageUtilization"]?.int
            guard let aim, request > 0 else {
                throw MartletError(.invalid, "it does not scale by how much of the requested CPU is used", fix: "name one that does")
            }
            let use = 2 * request * Double(aim) / 100
            try scene.disorder(workload) { $0.cpu = use }
        },
    ]

    private static func fault(
        _ slug: String, _ about: String,
        _ begin: @escaping @Sendable (_ key: ObjectKey, _ workload: ObjectKey, inout FaultScene) throws(MartletError) -> Void
    ) -> Fault {
        Fault(slug, about, on: "HorizontalPodAutoscaler/NAME") { (target, scene) throws(MartletError) in
            guard target.kind == "HorizontalPodAutoscaler" else {
                throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name a HorizontalPodAutoscaler")
            }
            let key = ObjectKey(type: .horizontalPodAutoscalers, namespace: target.namespace ?? "default", name: target.name)
            guard let reference = scene.store.get(key)?["spec"]?["scaleTargetRef"] else { throw FaultScene.missing(key) }
            let scaled = FaultTarget(
                namespace: key.namespace, kind: reference["kind"]?.string ?? "", name: reference["name"]?.string ?? "")
            try begin(key, try WorkloadFaults.key(scaled), &scene)
        }
    }
}
