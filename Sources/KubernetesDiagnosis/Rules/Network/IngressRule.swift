import Core
import Diagnosis
import Kubernetes

/// An Ingress that leads nowhere: no such class, Service or port.
struct IngressRule: Rule {
    let name = "ingress"
    let categories = ["ingress-class-missing", "ingress-backend-missing", "ingress-port-missing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "An Ingress leads nowhere: no such class, Service or port.",
            sees: ["ingresses", "ingressclasses", "services"],
            evidence: ["what the Ingress names, against what there is"],
            contradictedBy: ["the class, Service and port exist"],
            next: ["correct the name"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/ingress/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for ingress in scene.snapshot.ingresses {
            let namespace = ingress.metadata.namespace
            let path = scene.path("Ingress", namespace, ingress.metadata.name)
            func conclude(_ category: String, key: String, _ fact: String, _ text: String, _ support: [Support]) {
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: category, resource: path, key: key, depth: .specific, severity: .high,
                        complaint: "leads nowhere", fact: fact, text: text,
                        since: ingress.metadata.creationTimestamp, support: support,
                        next: ["kubectl -n \(namespace) describe ingress \(path.name)"]))
            }
            // The controller of this cloud is not told by a class object.
            if let name = ingress.spec.ingressClassName, !["gce", "gce-internal"].contains(name), scene.snapshot.knows("ingressclasses"),
                !scene.snapshot.ingressClasses.contains(where: { $0.metadata.name == name })
            {
                let classes = scene.snapshot.ingressClasses.map(\.metadata.name)
                let unserved = ingress.status.loadBalancer.ingress.isEmpty
                conclude(
                    "ingress-class-missing", key: name, "IngressClass \(name) does not exist",
                    "Ingress \(path.name) names IngressClass \(name), which does not exist"
                        + (classes.isEmpty ? "" : "; there is \(classes.joined(separator: ", "))"),
                    [
                        Support(
                            .decisive,
                            Evidence(
                                .spec, source: path.resource, text: "ingressClassName \(name); classes: \(classes.joined(separator: ", "))")
                        )
                    ]
                        + (unserved
                            ? [
                                Support(
                                    .supporting, Evidence(.status, source: path.resource, text: "no controller has given it an address"))
                            ] : []))
            }
            if let unserved = Self.unservedClass(ingress, scene) {
                conclude(
                    "ingress-class-missing", key: unserved, "no controller serves class \(unserved)",
                    "Ingress \(path.name) names the class \(unserved) in an annotation, which no IngressClass has and no controller serves",
                    [
                        Support(.strong, Evidence(.spec, source: path.resource, text: "\(Self.classAnnotation): \(unserved)")),
                        Support(.supporting, Evidence(.status, source: path.resource, text: "no controller has given it an address")),
                    ])
            }
            guard scene.snapshot.knows("services") else { continue }
            let backends =
                ingress.spec.rules.flatMap { rule in
                    (rule.http?.paths ?? []).map { (($0.path ?? "/"), rule.host ?? "", $0.backend.service) }
                } + [("/", "", ingress.spec.defaultBackend?.service)]
            for (route, host, backend) in backends {
                // The controller of this cloud takes the name of an action from an annotation in the place of a Service.
                guard let backend, backend.port.name != "use-annotation" else { continue }
                let servicePath = scene.path("Service", namespace, backend.name)
                guard let service = scene.service(namespace, backend.name) else {
                    let names = scene.snapshot.services.filter { $0.metadata.namespace == namespace }.map(\.metadata.name)
                    let near = NearMiss.of(backend.name, among: names)
                    conclude(
                        "ingress-backend-missing", key: backend.name, "Service \(backend.name) does not exist",
                        "Ingress \(path.name) sends \(host)\(route) to Service \(backend.name), which does not exist"
                            + (near.map { "; there is \($0)" } ?? ""),
                        [
                            Support(.decisive, Evidence(.spec, source: path.resource, text: "\(host)\(route) → Service \(backend.name)")),
                            Support(
                                .strong,
                                Evidence(
                                    .status, source: servicePath.resource,
                                    text:
                                        "there is no Service \(backend.name) in namespace \(namespace)\(names.isEmpty ? "" : "; there are \(names.prefix(5).joined(separator: ", "))")"
                                )),
                        ])
                    continue
                }
                draft.graph.add(path, .routes, servicePath)
                let has = service.spec.ports.contains { port in
                    backend.port.number.map { $0 == port.port } ?? backend.port.name.map { $0 == port.name } ?? true
                }
                if !has {
                    let ports = service.spec.ports.map { $0.name.map { name in "\(name)=" } ?? "" + "\($0.port)" }.joined(separator: ", ")
                    let wanted = backend.port.number.map(String.init) ?? backend.port.name ?? "?"
                    conclude(
                        "ingress-port-missing", key: wanted, "Service \(backend.name) has no port \(wanted)",
                        "Ingress \(path.name) sends \(host)\(route) to port \(wanted) of Service \(backend.name), which has \(ports)",
                        [
                            Support(.decisive, Evidence(.spec, source: path.resource, text: "\(host)\(route) → \(backend.name):\(wanted)")),
                            Support(.strong, Evidence(.status, source: servicePath.resource, text: "ports \(ports)")),
                        ])
                }
            }
        }
    }

    /// How classes were named before Kubernetes 1.18.
    private static let classAnnotation = "kubernetes.io/ingress.class"

    /// The class in the annotation of an Ingress that nobody has taken up, where other classes are there. A controller may serve a class
    /// without an object for it: where one of that class has an address, it does.
    private static func unservedClass(_ ingress: Ingress, _ scene: Scene) -> String? {
        let classes = scene.snapshot.ingressClasses
        guard ingress.spec.ingressClassName == nil, let name = ingress.metadata.annotations[classAnnotation], !name.isEmpty,
            !["gce", "gce-internal"].contains(name), !classes.isEmpty, !classes.contains(where: { $0.metadata.name == name }),
            ingress.status.loadBalancer.ingress.isEmpty,
            ingress.metadata.creationTimestamp.map({ scene.now - $0 > .seconds(300) }) ?? true
        else { return nil }
        let isServed = scene.snapshot.ingresses.contains {
            $0.metadata.annotations[classAnnotation] == name && !$0.status.loadBalancer.ingress.isEmpty
        }
        return isServed ? nil : name
    }
}
