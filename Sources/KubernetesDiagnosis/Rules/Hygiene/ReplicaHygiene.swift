import Core
import Diagnosis
import Kubernetes

/// A controller that has made fewer pods than wanted, while nothing is seen that would keep it from it.
struct ReplicaHygiene: HygieneRule {
    let name = "replicas-missing"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A controller has made fewer pods than wanted, and nothing is seen that keeps it from it.",
            sees: ["deployments", "statefulsets", "replicasets"],
            evidence: ["status.replicas against spec.replicas"],
            contradictedBy: ["a rollout on its way; an incident about the same workload"],
            next: ["look again in a minute"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        func missing(_ kind: String, _ metadata: ObjectMeta, _ wanted: Int, _ made: Int) -> Finding? {
            let path = scene.path(kind, metadata.namespace, metadata.name)
            guard made < wanted, !said.speaks(of: path) else { return nil }
            return finding(path, "\(path.resource) has \(made) of \(wanted) pods", now: scene.now)
        }
        return snapshot.deployments.compactMap { missing("Deployment", $0.metadata, $0.spec.replicas, $0.status.replicas) }
            + snapshot.statefulSets.compactMap { missing("StatefulSet", $0.metadata, $0.spec.replicas, $0.status.replicas) }
            + snapshot.replicaSets.filter { $0.metadata.ownerReferences.isEmpty }.compactMap {
                missing("ReplicaSet", $0.metadata, $0.spec.replicas, $0.status.replicas)
            }
    }
}
