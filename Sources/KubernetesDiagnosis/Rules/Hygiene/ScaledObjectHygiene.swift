import Core
import Diagnosis
import Kubernetes

/// A KEDA ScaledObject that has nothing to scale, scales by a share of requests that are not set, or about which somebody warns.
struct ScaledObjectHygiene: HygieneRule {
    let name = "scaled-object"
    static let group = "keda.sh"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A KEDA ScaledObject has nothing to scale, counts a share of requests that are not set, or has a warning.",
            sees: ["scaledobjects.keda.sh", "deployments", "events"],
            evidence: ["what it names; its condition Ready; warnings about it"],
            contradictedBy: ["the target exists, with requests"],
            next: ["correct the target, or set requests"],
            references: ["https://keda.sh/docs/latest/reference/scaledobject-spec/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        return snapshot.untyped.filter { $0.kind == "ScaledObject" && $0.group == ScaledObjectHygiene.group }.compactMap { object in
            let path = object.path(in: snapshot.cluster)
            guard let fault = ScaledObjectHygiene.fault(object, scene) else { return nil }
            return finding(path, "ScaledObject \(path.name) \(fault)", now: scene.now)
        }
    }

    private static func fault(_ object: UntypedObject, _ scene: Scene) -> String? {
        let spec = object.json()["spec"] ?? [:]
        let namespace = object.metadata.namespace
        let kind = spec[at: "scaleTargetRef", "kind"]?.string ?? "Deployment"
        let name = spec[at: "scaleTargetRef", "name"]?.string ?? ""
        if !ScaleTarget.mayExist(kind: kind, namespace, name, scene) { return "scales \(kind) \(name), which does not exist" }
        // These triggers are made into metrics of an autoscaler; a share of the request is what they count by default.
        let shares = (spec["triggers"]?.array ?? []).filter { ($0["metricType"]?.string ?? "Utilization") == "Utilization" }
            .compactMap { $0["type"]?.string }.filter { $0 == "cpu" || $0 == "memory" }
        if !shares.isEmpty, let template = scene.workload(at: scene.path(kind, namespace, name))?.template?.spec,
            let lacking = ScaleTarget.withoutRequest(template, of: Set(shares))
        {
            return "scales by utilisation: \(lacking)"
        }
        if let condition = object.condition("Ready"), condition.status == "False" {
            return "is not ready: \((condition.message ?? condition.reason ?? "").prefix(200))"
        }
        return scene.events(about: object.metadata, kind: "ScaledObject").last { $0.severity == "Warning" }.map {
            "\($0.reason): \($0.message.prefix(200))"
        }
    }
}
