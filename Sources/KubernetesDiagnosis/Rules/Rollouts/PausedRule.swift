import Core
import Diagnosis
import Kubernetes

/// A Deployment is paused with a change waiting.
struct PausedRule: Rule {
    let name = "rollout-paused"
    let categories = ["rollout-paused"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A Deployment is paused with a change waiting.",
            sees: ["deployments", "replicasets"],
            evidence: ["spec.paused, a template that no ReplicaSet has"],
            contradictedBy: ["no change is waiting"],
            next: ["kubectl rollout resume deployment NAME"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for workload in scene.workloads {
            guard let d = workload.deployment, scene.snapshot.deployments[d].spec.paused else { continue }
            let deployment = scene.snapshot.deployments[d]
            let sets = workload.replicaSets.map { scene.snapshot.replicaSets[$0] }
            // Nothing waits when a ReplicaSet of the wanted template exists. A restart that was asked for is a change, too.
            guard !sets.isEmpty, !sets.contains(where: { Self.isMade($0, of: deployment.spec.template) }) else { continue }
            // Pods that fail do so for another reason, and whoever looks into that may have paused it.
            guard examination.trouble(of: workload.path)?.containers.isEmpty ?? true else { continue }
            let condition = deployment.status.conditions.first { $0.type == "Progressing" && $0.reason == "DeploymentPaused" }
            let since = condition?.lastUpdateTime ?? condition?.lastTransitionTime ?? deployment.metadata.creationTimestamp ?? scene.now
            let images = zip(deployment.spec.template.spec.containers, sets.last?.spec.template.spec.containers ?? []).first {
                $0.image != $1.image
            }
            let waiting = images.map { "\($1.image ?? "") → \($0.image ?? "")" } ?? "a changed template"
            Deliberate.add(
                Hypothesis(
                    rule: name, category: "rollout-paused", resource: workload.path, depth: .specific, severity: .low,
                    complaint: "is paused", fact: "\(waiting) waits",
                    text: "Deployment \(workload.name) is paused, so a change of its template is not rolled out (\(waiting))", since: since,
                    support: [
                        Support(.decisive, Evidence(.spec, source: workload.path.resource, text: "spec.paused is true; \(waiting)")),
                        Support(
                            .strong,
                            Evidence(
                                .status, source: workload.path.resource,
                                text: condition.map { "Progressing=\($0.status) \($0.reason ?? "")" }
                                    ?? "no ReplicaSet has the wanted template", time: since)),
                    ], next: ["kubectl -n \(workload.namespace) rollout resume deployment/\(workload.name)"]), since: since, scene, &draft)
        }
    }

    /// Whether a ReplicaSet was made of a template: its controller adds a hash to the labels, and nothing else.
    private static func isMade(_ set: ReplicaSet, of template: PodTemplate) -> Bool {
        let made = set.spec.template
        var labels = made.metadata.labels
        labels["pod-template-hash"] = nil
        return made.spec == template.spec && labels == template.metadata.labels
            && made.metadata.annotations == template.metadata.annotations
    }
}
