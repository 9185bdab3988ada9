import Core
import Diagnosis
import Kubernetes

/// Pods that are wanted, are not there, and are not made: for long, and without a word of why.
struct MissingPods: Rule {
    static let ruleName = "pods-missing"
    let name = MissingPods.ruleName
    let categories: [String] = []

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "Nothing: pods that have been missing for ten minutes have to be explained by other rules, and are undecided where none does.",
            sees: ["deployments", "statefulsets", "daemonsets", "pods", "events"],
            evidence: ["status.replicas against what is wanted; since when the Deployment is not available"],
            contradictedBy: ["pods that were made since; a controller manager that stands still, which has a rule of its own"],
            next: ["look at the events of what makes the pods", "see whether admission refuses them"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/"])
    }

    /// Longer than anything takes that makes pods.
    private static let patience: Duration = .seconds(600)

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        guard snapshot.knows("pods"),
            !ControlPlaneRule.silentLeases(scene).contains(where: { $0.lease.metadata.name == "kube-controller-manager" })
        else { return }
        let explained = Set(CreationFailure.all(scene).map(\.workload.path)).union(examination.troubles.map(\.workload.path))
        func note(_ kind: String, _ metadata: ObjectMeta, wanted: Int, made: Int, ready: Int, since: Timestamp?) {
            let path = scene.path(kind, metadata.namespace, metadata.name)
            // A StatefulSet makes the next pod when the one before is ready.
            guard wanted > made, made == ready, !explained.contains(path),
                scene.workload(at: path).map({ $0.pods.count < wanted }) ?? true, let since, scene.now - since > MissingPods.patience
            else {
                return
            }
            let effect = "\(wanted - made) of \(wanted) pods are not there"
            draft.symptoms.append(
                Symptom(
                    name, path, effect: effect, severity: ready == 0 ? .critical : .high, since: since,
                    evidence: [Evidence(.status, source: path.resource, text: "\(made) of \(wanted) pods exist", time: since)],
                    missing: ["why they are not made: no event tells"]))
        }
        for deployment in snapshot.deployments where deployment.status.observedGeneration >= deployment.metadata.generation {
            let unavailable = deployment.status.conditions.first { $0.type == "Available" && $0.status == "False" }
            // Somebody may just have asked for more.
            let asked = [unavailable?.lastTransitionTime, lastScaled(deployment.metadata, scene)].compactMap { $0 }.max()
            note(
                "Deployment", deployment.metadata, wanted: deployment.spec.replicas, made: deployment.status.replicas,
                ready: deployment.status.readyReplicas, since: unavailable == nil ? nil : asked)
        }
        for set in snapshot.statefulSets {
            note(
                "StatefulSet", set.metadata, wanted: set.spec.replicas, made: set.status.replicas, ready: set.status.readyReplicas,
                since: lastMade("StatefulSet", set.metadata, scene))
        }
        for set in snapshot.daemonSets {
            note(
                "DaemonSet", set.metadata, wanted: set.status.desiredNumberScheduled, made: set.status.currentNumberScheduled,
                ready: set.status.numberReady, since: lastMade("DaemonSet", set.metadata, scene))
        }
    }

    private func lastScaled(_ metadata: ObjectMeta, _ scene: Scene) -> Timestamp? {
        let scalers = scene.snapshot.autoscalers.filter {
            $0.metadata.namespace == metadata.namespace && $0.spec.scaleTargetRef.name == metadata.name
        }
        let told = scalers.flatMap { scene.events(about: $0.metadata, kind: "HorizontalPodAutoscaler") }.filter {
            $0.reason == "SuccessfulRescale"
        }
        return (told.map(\.lastSeen) + scalers.map(\.status.lastScaleTime)).compactMap { $0 }.max()
    }

    /// When it last did something that an event tells of, or when it was made or written.
    private func lastMade(_ kind: String, _ metadata: ObjectMeta, _ scene: Scene) -> Timestamp? {
        ([metadata.creationTimestamp, metadata.lastWrite] + scene.events(about: metadata, kind: kind).map(\.lastSeen)).compactMap { $0 }
            .max()
    }
}
