import Core
import Diagnosis
import Kubernetes

/// Where pods may not be read, the status of what makes them still tells that something is wrong: never why, so that it stays undecided.
struct UnseenPods: Rule {
    /// The rule of the findings that are known without pods.
    static let ruleName = "workload-not-ready"
    let name = UnseenPods.ruleName
    let categories: [String] = []

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "Nothing: without the pods, the status of what makes them tells that too few are ready, and never why; it stays undecided.",
            sees: ["deployments", "statefulsets", "daemonsets"],
            evidence: ["ready replicas; the conditions Available and Progressing"],
            contradictedBy: ["pods that can be read: other rules then look at them"],
            next: ["grant the right to list pods"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"])
    }

    /// New pods take a while to be ready.
    private static let patience: Duration = .seconds(60)

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        if snapshot.knows("pods") { return }
        func add(
            _ kind: String, _ metadata: ObjectMeta, ready: Int, of wanted: Int, since: Timestamp? = nil, hasExceeded: Bool = false
        ) {
            guard !snapshot.seesPods(in: metadata.namespace), wanted > 0, ready < wanted || hasExceeded else { return }
            let path = scene.path(kind, metadata.namespace, metadata.name)
            // A container that ends again and again is ready in between: what counts is how long the present revision has been there.
            let set = scene.workload(at: path)?.replicaSets.last.map { snapshot.replicaSets[$0] }
            let started = set?.metadata.creationTimestamp ?? metadata.creationTimestamp ?? scene.now
            var effect = "\(ready) of \(wanted) pods \(wanted == 1 ? "is" : "are") ready"
            if hasExceeded { effect += ", and the rollout has passed its deadline" }
            draft.symptoms.append(
                Symptom(
                    name, path, effect: effect, severity: ready == 0 ? .critical : ready < wanted ? .high : .medium,
                    since: since ?? scene.now,
                    evidence: [Evidence(.status, source: path.resource, text: effect, time: since)],
                    missing: ["the pods of \(metadata.namespace) could not be read: why they are not ready cannot be seen"],
                    isReportable: hasExceeded || scene.now - started >= UnseenPods.patience))
        }
        for deployment in snapshot.deployments where deployment.status.observedGeneration >= deployment.metadata.generation {
            let conditions = deployment.status.conditions
            let exceeded = conditions.first {
                $0.type == "Progressing" && $0.status == "False" && $0.reason == "ProgressDeadlineExceeded"
            }
            let unavailable = conditions.first { $0.type == "Available" && $0.status == "False" }
            // Fewer than wanted, yet enough, and still on the way: a rollout like any other.
            guard exceeded != nil || unavailable != nil else { continue }
            add(
                "Deployment", deployment.metadata, ready: deployment.status.readyReplicas, of: deployment.spec.replicas,
                since: [exceeded?.lastTransitionTime, unavailable?.lastTransitionTime].compactMap { $0 }.min(),
                hasExceeded: exceeded != nil)
        }
        for set in snapshot.statefulSets where set.status.readyReplicas == 0 {
            add("StatefulSet", set.metadata, ready: 0, of: set.spec.replicas)
        }
        for set in snapshot.daemonSets where set.status.numberReady == 0 {
            add("DaemonSet", set.metadata, ready: 0, of: set.status.desiredNumberScheduled)
        }
    }
}
