import Core
import Diagnosis
import Kubernetes

/// A workload names an image pull secret that does not exist: the next pull on a node without the image may be refused.
struct PullSecretHygiene: HygieneRule {
    let name = "pull-secret-missing"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A workload pulls its images with a Secret that does not exist.",
            sees: ["pods and templates", "secrets (names)"],
            evidence: ["imagePullSecrets against the Secrets of the namespace"],
            contradictedBy: ["the Secret exists"],
            next: ["create the Secret, or take the name out"],
            references: ["https://kubernetes.io/docs/concepts/containers/images/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        guard snapshot.knows("secrets") else { return [] }
        let secrets = Set(snapshot.secrets.map { "\($0.metadata.namespace)/\($0.metadata.name)" })
        return scene.workloads.flatMap { workload in
            Set(workload.podSpecs(scene).flatMap(\.imagePullSecrets)).sorted().filter { !secrets.contains("\(workload.namespace)/\($0)") }
                .map { secret in
                    finding(
                        workload.path, key: secret,
                        "\(workload.path.resource) pulls its images with Secret \(secret), which does not exist", now: scene.now)
                }
        }
    }
}
