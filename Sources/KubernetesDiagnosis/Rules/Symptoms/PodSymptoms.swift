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
                draft.symptoms.append(
                    Symptom(
                        symptom, trouble.workload.path, effect: effect, severity: trouble.severity, since: since, evidence: evidence,
                        isReportable: scene.now - since >= after))
            }
            let count = { (pods: [Int]) in "\(pods.count) of \(max(trouble.desired, pods.count)) pods" }
            add("pods-unschedulable", trouble.unschedulable, "\(count(trouble.unschedulable)) find no node")
            add("pods-gated", trouble.gated, "\(count(trouble.gated)) wait for a scheduling gate", after: .seconds(60))
            add("pods-unnoticed", trouble.unnoticed, "\(count(trouble.unnoticed)) wait and no scheduler looks at them", after: .seconds(30))
            add("pods-creating", trouble.creating, "\(count(trouble.creating)) have been given to a node and do not start")
            add(
                "pods-unmountable", trouble.unmountable.map(\.pod), "\(count(trouble.unmountable.map(\.pod))) wait for a volume",
                after: .seconds(60),
                evidence: trouble.unmountable.prefix(1).map { scene.evidence($0.event) })
        }
        for (set, event) in CreationFailures.all(scene) {
            guard let workload = scene.workload(ofReplicaSet: set) else { continue }
            draft.symptoms.append(
                Symptom(
                    "pods-not-created", workload.path,
                    effect: "\(set.spec.replicas - set.status.replicas) of \(set.spec.replicas) pods cannot be created",
                    severity: set.status.readyReplicas == 0 ? .critical : .high,
                    since: event?.firstSeen ?? set.metadata.creationTimestamp ?? scene.now,
                    evidence: event.map { [scene.evidence($0)] } ?? []))
        }
    }
}

/// ReplicaSets that cannot make their pods now, with the newest event that says why.
enum CreationFailures {
    static func all(_ scene: Scene) -> [(set: ReplicaSet, event: Event?)] {
        scene.snapshot.replicaSets.compactMap { set in
            guard set.spec.replicas > set.status.replicas else { return nil }
            let condition = set.status.conditions.first { $0.type == "ReplicaFailure" && $0.status == "True" }
            let event = scene.events(about: set.metadata, kind: "ReplicaSet").last { $0.reason == "FailedCreate" }
            guard condition != nil || event != nil else { return nil }
            if condition != nil, event == nil, let message = condition?.message {
                var told = Event()
                told.regarding.kind = "ReplicaSet"
                told.regarding.name = set.metadata.name
                told.reason = condition?.reason ?? "FailedCreate"
                told.message = message
                told.lastSeen = condition?.lastTransitionTime
                told.firstSeen = condition?.lastTransitionTime
                return (set, told)
            }
            return (set, event)
        }
    }
}
