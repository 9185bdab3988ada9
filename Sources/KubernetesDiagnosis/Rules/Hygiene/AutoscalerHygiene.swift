import Core
import Diagnosis
import Kubernetes

/// An autoscaler that has nothing to scale, cannot compute, or says that it is limited: the first of these that holds.
struct AutoscalerHygiene: HygieneRule {
    let name = "autoscaler-hygiene"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "An autoscaler names no target or one that does not exist, or counts a share of requests that are not set.",
            sees: ["horizontalpodautoscalers", "the kinds that they scale"],
            evidence: ["what it names; its conditions"],
            contradictedBy: ["an incident about the same autoscaler"],
            next: ["correct the target, or set requests"],
            references: ["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        return scene.snapshot.autoscalers.compactMap { hpa in
            let path = scene.path("HorizontalPodAutoscaler", hpa.metadata.namespace, hpa.metadata.name)
            guard !said.speaks(of: path), let fault = AutoscalerHygiene.fault(hpa, scene) else { return nil }
            return finding(path, "HorizontalPodAutoscaler \(path.name) \(fault)", now: scene.now)
        }
    }

    private static func fault(_ hpa: HorizontalPodAutoscaler, _ scene: Scene) -> String? {
        let target = hpa.spec.scaleTargetRef
        if target.name.isEmpty { return "names no target" }
        if !ScaleTarget.mayExist(kind: target.kind, hpa.metadata.namespace, target.name, scene) {
            return "scales \(target.kind) \(target.name), which does not exist"
        }
        for condition in hpa.status.conditions {
            let said = [condition.reason, condition.message].compactMap { $0 }.joined(separator: ": ")
            switch (condition.type, condition.status) {
            case ("AbleToScale", "False"), ("ScalingActive", "False"): return "does not scale: \(said.prefix(200))"
            case ("ScalingLimited", "True"):
                // At its minimum it is idle, at its maximum it is only at fault while it wants more (AutoscalerRule).
                if condition.reason == "TooManyReplicas" { continue }
                if condition.reason == "TooFewReplicas", hpa.status.currentReplicas <= hpa.spec.minReplicas { continue }
                return "is limited: \(said.prefix(200))"
            default: continue
            }
        }
        let resources = utilisations(hpa)
        guard !resources.isEmpty,
            let spec = scene.workload(at: scene.path(target.kind, hpa.metadata.namespace, target.name))?.template?.spec
        else { return nil }
        return ScaleTarget.withoutRequest(spec, of: resources).map { "scales by utilisation: \($0)" }
    }

    /// Resources of which a share of the request is the target; without any metric it is the CPU.
    private static func utilisations(_ hpa: HorizontalPodAutoscaler) -> Set<String> {
        if hpa.spec.metrics.isEmpty { return ["cpu"] }
        return Set(hpa.spec.metrics.compactMap(\.resource).filter { $0.target?.averageUtilization != nil }.map(\.name))
    }
}

/// What an autoscaler of any make scales.
enum ScaleTarget {
    /// False only where all objects of the kind are known and this is none of them.
    static func mayExist(kind: String, _ namespace: String, _ name: String, _ scene: Scene) -> Bool {
        guard let type = ResourceType.named(kind), scene.snapshot.knows(type.plural) else { return true }
        return scene.workload(at: scene.path(kind, namespace, name)) != nil
            || scene.snapshot.replicaSets.contains {
                kind == "ReplicaSet" && $0.metadata.namespace == namespace && $0.metadata.name == name
            }
            || scene.snapshot.untyped.contains { $0.kind == kind && $0.metadata.namespace == namespace && $0.metadata.name == name }
    }

    /// The first container that asks for none of a resource, in words. A sidecar counts as any container; other init containers do not.
    static func withoutRequest(_ spec: PodSpec, of resources: Set<String>) -> String? {
        let running = spec.initContainers.filter { $0.restartPolicy == "Always" } + spec.containers
        for resource in resources.sorted() {
            // A limit without a request is the request.
            if let container = running.first(where: { $0.resources.requests[resource] == nil && $0.resources.limits[resource] == nil }) {
                return "container \(container.name) has no \(resource) request"
            }
        }
        return nil
    }
}
