import Core
import Diagnosis
import Kubernetes

/// Pods that no node takes, that nobody notices, whose volumes cannot be mounted, that are not made at all.
struct PodSymptoms: Rule {
    let name = "pods-pending"
    let categories: [String] = []

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "Nothing: pods that find no node, are gated, unnoticed, not made, not mounted or not started have to be explained by other rules.",
            sees: ["pods", "replicasets", "events"],
            evidence: ["the conditions of the pod; FailedCreate and FailedMount events"],
            contradictedBy: ["a pod that has since been scheduled or made"],
            next: ["kubectl describe pod NAME"],
            references: ["https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for trouble in examination.troubles {
            func add(_ symptom: String, _ pods: [Int], _ effect: String, after: Duration = .zero, evidence: [Evidence] = []) {
                guard !pods.isEmpty else { return }
                let since = pods.compactMap { scene.snapshot.pods[$0].metadata.creationTimestamp }.min() ?? scene.now
                let said = evidence.map(\.text).joined(separator: " ")
                draft.symptoms.append(
                    Symptom(
                        symptom, trouble.workload.path, effect: effect, severity: trouble.severity, since: since, evidence: evidence,
                        followsFrom: Infrastructure.culprits(of: said, in: trouble.workload.namespace, examination.troubles),
                        isReportable: scene.now - since >= after))
            }
            let count = { (pods: [Int]) in "\(pods.count) of \(max(trouble.desired, pods.count)) pods" }
            add(
                "pods-unschedulable", trouble.unschedulable, "\(count(trouble.unschedulable)) find no node",
                evidence: trouble.unschedulable.prefix(1).compactMap { refusal(of: $0, scene) })
            add("pods-gated", trouble.gated, "\(count(trouble.gated)) wait for a scheduling gate", after: .seconds(60))
            add("pods-unnoticed", trouble.unnoticed, "\(count(trouble.unnoticed)) wait and no scheduler looks at them", after: .seconds(30))
            add(
                "pods-creating", trouble.creating, "\(count(trouble.creating)) have been given to a node and do not start",
                evidence: scene.event(about: trouble.creating) { $0.reason.hasPrefix("Failed") }.map { [scene.evidence($0)] } ?? [])
            add(
                "pods-unmountable", trouble.unmountable.map(\.pod), "\(count(trouble.unmountable.map(\.pod))) wait for a volume",
                after: .seconds(60),
                evidence: trouble.unmountable.prefix(1).map { scene.evidence($0.event) })
        }
        for failure in CreationFailure.all(scene) {
            draft.symptoms.append(
                Symptom(
                    "pods-not-created", failure.workload.path,
                    effect: "\(failure.missing) of \(failure.wanted) \(failure.things) cannot be created",
                    severity: failure.ready == 0 ? .critical : .high,
                    since: failure.event?.firstSeen ?? failure.maker.creationTimestamp ?? scene.now,
                    evidence: failure.event.map { [scene.evidence($0)] } ?? []))
        }
    }

    /// What the scheduler said of a pod.
    private func refusal(of pod: Int, _ scene: Scene) -> Evidence? {
        let condition = scene.snapshot.pods[pod].status.conditions.first { $0.type == "PodScheduled" && $0.status == "False" }
        return condition?.message.map {
            Evidence(.status, source: scene.podName(pod), text: String($0.prefix(300)), time: condition?.lastTransitionTime)
        }
    }
}
