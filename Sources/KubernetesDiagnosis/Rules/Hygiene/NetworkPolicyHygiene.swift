import Core
import Diagnosis
import Kubernetes

/// A network policy that selects no pod. One without labels selects all of them.
struct NetworkPolicyHygiene: HygieneRule {
    let name = "network-policy-selects-nothing"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A network policy selects no pod.",
            sees: ["networkpolicies", "pods"],
            evidence: ["its selector against the labels of all workloads"],
            contradictedBy: ["a selector without labels selects all pods"],
            next: ["correct the selector, or delete the policy"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/network-policies/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        return scene.snapshot.networkPolicies.compactMap { policy in
            let (namespace, selector) = (policy.metadata.namespace, policy.spec.podSelector)
            guard !selector.isEmpty, scene.snapshot.seesPods(in: namespace),
                !scene.workloads(in: namespace).contains(where: { selector.matches(scene.workloads[$0].labels) })
            else { return nil }
            let path = scene.path("NetworkPolicy", namespace, policy.metadata.name)
            return finding(
                path, "NetworkPolicy \(path.name) selects \(selector), which no pod has", since: policy.metadata.creationTimestamp,
                now: scene.now)
        }
    }
}
