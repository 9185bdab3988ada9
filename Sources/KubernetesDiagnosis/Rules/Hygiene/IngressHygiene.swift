import Core
import Diagnosis
import Kubernetes

/// An Ingress that no controller can take up: it names no class, and none is the default.
struct IngressHygiene: HygieneRule {
    let name = "ingress-without-class"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "An Ingress names no class and none is the default, so that no controller takes it up.",
            sees: ["ingresses", "ingressclasses"],
            evidence: ["no class, no default, no address"],
            contradictedBy: ["an address in its status"],
            next: ["name a class"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/ingress/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        guard snapshot.knows("ingressclasses"),
            !snapshot.ingressClasses.contains(where: { $0.metadata.annotations["ingressclass.kubernetes.io/is-default-class"] == "true" })
        else { return [] }
        return snapshot.ingresses.compactMap { ingress in
            // With an address, somebody has taken it up.
            guard ingress.spec.ingressClassName == nil, ingress.metadata.annotations["kubernetes.io/ingress.class"] == nil,
                ingress.status.loadBalancer.ingress.isEmpty
            else { return nil }
            let path = scene.path("Ingress", ingress.metadata.namespace, ingress.metadata.name)
            return finding(
                path, "Ingress \(path.name) names no class, and no IngressClass is the default", since: ingress.metadata.creationTimestamp,
                now: scene.now)
        }
    }
}
