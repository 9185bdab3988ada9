import Core
import Diagnosis
import Kubernetes

/// A path or a variable is named after one Service and leads to another.
struct MisrouteRule: Rule {
    let name = "misroute"
    let categories = ["gateway-misroute"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A path or a variable is named after one Service and leads to another.",
            sees: ["ingresses", "services", "pods"],
            evidence: [
                "the name of the path or variable, where it leads, and the Service of that name",
                "that the Ingress was changed after it was made",
            ],
            contradictedBy: ["no Service is called so; another path leads there"],
            next: ["let the path lead to the Service that it is named after"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/ingress/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        ingresses(examination.scene, &draft)
        programs(examination.scene, &draft)
    }

    /// A path `/cart` that leads to `catalog` although there is a Service `cart`; or an Ingress that has always led to another Service.
    private func ingresses(_ scene: Scene, _ draft: inout Draft) {
        for ingress in scene.snapshot.ingresses {
            let namespace = ingress.metadata.namespace
            let path = scene.path("Ingress", namespace, ingress.metadata.name)
            let routes = ingress.spec.rules.flatMap { rule in
                (rule.http?.paths ?? []).map { (rule.host ?? "", $0.path ?? "/", $0.backend.service) }
            }
            for (host, route, backend) in routes {
                guard let backend, scene.service(namespace, backend.name) != nil else { continue }
                let words =
                    Self.words(route) + (routes.count == 1 || Self.words(route).isEmpty ? Self.words(host) + [ingress.metadata.name] : [])
                guard let meant = Self.meant(words, actual: backend.name, namespace, scene) else { continue }
                draft.graph.add(path, .routes, scene.path("Service", namespace, backend.name))
                let where_ = "\(host)\(route)"
                // A name alone may be meant otherwise: it takes a change to make a fault of it.
                var support = [
                    Support(
                        .supporting,
                        Evidence(
                            .spec, source: path.resource, text: "\(where_) leads to Service \(backend.name); there is a Service \(meant)"))
                ]
                if let written = ingress.metadata.lastWrite, let made = ingress.metadata.creationTimestamp, written > made,
                    scene.now - written < .seconds(86_400)
                {
                    support.append(Support(.strong, Evidence(.change, source: path.resource, text: "it was changed", time: written)))
                }
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: "gateway-misroute", resource: path, key: route, depth: .specific, severity: .high,
                        complaint: "leads to the wrong Service", fact: "\(where_) goes to \(backend.name), not to \(meant)",
                        text: "Ingress \(path.name) sends \(where_) to Service \(backend.name); it is named after \(meant)",
                        since: ingress.metadata.lastWrite, support: support,
                        next: ["kubectl -n \(namespace) describe ingress \(path.name)"]))
            }
        }
    }

    /// A program that passes calls on: `CART_URL=http://catalog:8080` although there is a Service `cart`.
    private func programs(_ scene: Scene, _ draft: inout Draft) {
        for workload in scene.workloads {
            guard let template = workload.template else { continue }
            for container in template.spec.containers {
                // It takes two addresses to mistake one for the other.
                let addresses = container.env.count { variable in
                    if let value = variable.value { return value.contains(":") }
                    return variable.valueFrom?.configMapKeyRef != nil
                }
                guard addresses >= 2 || !container.envFrom.isEmpty else { continue }
                let called = scene.calledPeers(of: container, in: workload.namespace)
                for one in called {
                    guard let service = one.service, service.metadata.namespace == workload.namespace else { continue }
                    let suffixes: Set<String> = [
                        "url", "addr", "address", "host", "service", "uri", "endpoint", "backend", "upstream", "port",
                    ]
                    let words = one.variable.lowercased().split(separator: "_").map(String.init).filter { !suffixes.contains($0) }
                    guard let meant = Self.meant([words.joined(separator: "-")], actual: service.metadata.name, workload.namespace, scene),
                        // Whoever is meant is called by no other variable, and another variable calls whom this one does.
                        !called.contains(where: { $0.service?.metadata.name == meant }),
                        called.contains(where: { $0.variable != one.variable && $0.service?.metadata.name == service.metadata.name })
                    else { continue }
                    draft.graph.add(workload.path, .calls, scene.path("Service", workload.namespace, service.metadata.name))
                    draft.hypotheses.append(
                        Hypothesis(
                            rule: name, category: "gateway-misroute", resource: workload.path, key: one.variable, depth: .specific,
                            severity: .medium, complaint: "calls the wrong Service",
                            fact: "\(one.variable) names \(service.metadata.name), not \(meant)",
                            text:
                                "\(one.variable) of \(workload.name) leads to Service \(service.metadata.name), as another variable does, and nothing leads to \(meant)",
                            since: workload.metadata.lastWrite,
                            support: [
                                scene.spec(
                                    workload.path, .supporting, "\(one.variable)=\(service.metadata.name); there is a Service \(meant)")
                            ], facts: ["container": .string(container.name), "variable": .string(one.variable)]))
                }
            }
        }
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
    }

    /// The Service that one of the words names in full, where that is not the one that is there.
    private static func meant(_ words: [String], actual: String, _ namespace: String, _ scene: Scene) -> String? {
        if words.contains(actual) { return nil }
        return words.first { scene.service(namespace, $0) != nil && !actual.hasPrefix($0 + "-") && !$0.hasPrefix(actual + "-") }
    }
}
