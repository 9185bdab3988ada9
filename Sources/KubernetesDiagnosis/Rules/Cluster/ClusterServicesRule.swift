import Core
import Diagnosis
import Kubernetes

/// Cluster DNS and aggregated APIs: whatever broke them, they are blamed under their own name, and the text says what did.
/// Runs after the rules for workloads.
struct ClusterServicesRule: Rule {
    let name = "cluster-service"
    let categories = ["cluster-dns-down", "apiservice-unavailable"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Cluster DNS or an aggregated API does not answer, whatever broke it.",
            sees: ["apiservices", "services", "endpointslices", "deployments in kube-system", "logs"],
            evidence: ["Available=False; a Service without ready endpoints; failed look-ups in several workloads"],
            contradictedBy: ["ready endpoints"],
            next: ["look at the workload behind it"],
            references: [
                "https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/",
                "https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/",
            ])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        aggregatedAPIs(examination.scene, &draft)
        webhooks(examination.scene, &draft)
        dns(examination, &draft)
    }

    private func aggregatedAPIs(_ scene: Scene, _ draft: inout Draft) {
        for api in scene.snapshot.apiServices {
            guard let condition = api.status.conditions.first(where: { $0.type == "Available" && $0.status == "False" }) else { continue }
            let path = scene.path("APIService", "", api.metadata.name)
            var support = [
                Support(
                    .decisive,
                    Evidence(
                        .status, source: path.resource, text: "Available=False \(condition.reason ?? ""): \(condition.message ?? "")",
                        time: condition.lastTransitionTime))
            ]
            var why = condition.message ?? condition.reason ?? ""
            var nodes: [EntityPath] = []
            if let reference = api.spec.service, let service = scene.service(reference.namespace, reference.name) {
                let backing = scene.workloads(behind: service).map { scene.workloads[$0].path }
                nodes = Self.nodes(holding: backing, draft)
                for i in draft.hypotheses.indices
                where backing.contains(draft.hypotheses[i].resource) && draft.hypotheses[i].confidence >= Confidence.threshold {
                    draft.hypotheses[i].dependsOn.append(path)
                    why = draft.hypotheses[i].text
                    support.append(contentsOf: draft.hypotheses[i].support.prefix(1).map { Support(.strong, $0.evidence) })
                }
                // Why its pods are not well may not be known: that it is not served follows all the same, and is told once.
                for i in draft.symptoms.indices where backing.contains(draft.symptoms[i].entity.withoutContainer) {
                    draft.symptoms[i].followsFrom.append(path)
                }
                if ServiceIndex.readyEndpoints(of: service, scene) == 0 {
                    support.append(Support(.strong, Evidence(.status, source: "Service/\(reference.name)", text: "no ready endpoints")))
                }
            } else if let reference = api.spec.service, scene.snapshot.knows("services"),
                scene.snapshot.namespaces?.contains(reference.namespace) ?? true
            {
                why = "Service \(reference.name) does not exist"
            }
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "apiservice-unavailable", resource: path, depth: .external, severity: .high,
                    complaint: "is not served", fact: String(why.prefix(80)),
                    text: "the aggregated API \(api.metadata.name) is unavailable: \(why)", since: condition.lastTransitionTime,
                    support: support, dependsOn: nodes, next: ["kubectl get apiservice \(api.metadata.name)"]))
        }
    }

    /// What is wrong with the program of a webhook that fails is part of that; but a lost node on which it ran is the reason.
    private func webhooks(_ scene: Scene, _ draft: inout Draft) {
        let failing = Set(draft.hypotheses.filter { $0.category == "admission-webhook-failing" }.map(\.resource))
        for (path, hooks) in scene.webhookConfigurations {
            guard failing.contains(path) else { continue }
            let services = hooks.compactMap { $0.clientConfig.service }.compactMap { scene.service($0.namespace, $0.name) }
            let backing = Set(services.flatMap { scene.workloads(behind: $0).map { scene.workloads[$0].path } })
            let nodes = Self.nodes(holding: backing, draft)
            for i in draft.hypotheses.indices {
                if backing.contains(draft.hypotheses[i].resource) { draft.hypotheses[i].dependsOn.append(path) }
                if draft.hypotheses[i].resource == path { draft.hypotheses[i].dependsOn += nodes }
            }
        }
    }

    /// Nodes at fault that are the reason why workloads are not well.
    private static func nodes(holding workloads: some Sequence<EntityPath>, _ draft: Draft) -> [EntityPath] {
        let workloads = Set(workloads)
        return draft.hypotheses.filter { $0.resource.kind == "Node" && !workloads.isDisjoint(with: $0.explains) }.map(\.resource)
    }

    private func dns(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        let service = scene.nameService
        let failing = examination.troubles.compactMap { trouble in
            // Some say of every name that it does not exist, when nobody answers.
            trouble.containers.lazy.compactMap { c in c.clue(.nameServiceDown, .nameNotFound).map { (trouble, c, $0) } }.first
        }
        guard let service, ServiceIndex.readyEndpoints(of: service, scene) == 0, let w = scene.workloads(behind: service).first
        else { return }
        let path = scene.workloads[w].path
        draft.graph.add(scene.path("Service", "kube-system", service.metadata.name), .selects, path)
        var why = "no pod of it is ready"
        var support = [
            Support(
                .strong,
                Evidence(
                    .status, source: "Service/\(service.metadata.name)",
                    text: "Service \(service.metadata.name) (\(service.spec.clusterIP ?? "")) has no ready endpoints"))
        ]
        var since: Timestamp?
        var change: Change?
        for i in draft.hypotheses.indices.reversed()
        where draft.hypotheses[i].resource == path && draft.hypotheses[i].confidence >= Confidence.threshold {
            why = draft.hypotheses[i].category == "scaled-to-zero" ? "it is scaled to 0 replicas" : draft.hypotheses[i].text
            support += draft.hypotheses[i].support
            since = draft.hypotheses[i].since
            change = draft.hypotheses[i].change
            draft.hypotheses.remove(at: i)
        }
        let running = examination.complaints.filter { $0.clue.kind == .nameServiceDown && !$0.isEnding }
        for complaint in running {
            draft.noteCalls(of: complaint, effect: "it resolves no names")
            if support.count < 6 { support.append(Support(.strong, complaint.evidence)) }
        }
        for (_, container, clue) in failing.prefix(3) { support.append(Support(.strong, container.log(clue))) }
        draft.hypotheses.append(
            Hypothesis(
                rule: name, category: "cluster-dns-down", resource: path, depth: .external, severity: .critical,
                complaint: "does not answer", fact: why,
                text: "cluster DNS is down, so no name resolves: \(why)", since: since, support: support,
                explains: failing.map(\.0.workload.path) + Set(running.map(\.workload)).sorted(), change: change,
                next: ["kubectl -n kube-system get \(path.resource.lowercased())"]))
        for (trouble, container, clue) in failing {
            draft.hypotheses.append(
                Hypothesis(
                    rule: "waiting-for-dns", category: "cluster-dns-down", resource: trouble.workload.path, key: container.name,
                    depth: .surface, severity: trouble.severity,
                    complaint: "resolves no names", fact: "cluster DNS does not answer",
                    text: "\(trouble.workload.name) cannot resolve \(clue.subject ?? "names")", since: container.since,
                    support: [Support(.supporting, container.log(clue))], dependsOn: [path]))
        }
    }
}

extension Scene {
    /// The Service of the cluster's DNS; nil where none was read.
    var nameService: Service? {
        snapshot.services.first { s in
            s.metadata.namespace == "kube-system" && s.spec.ports.contains { $0.port == 53 }
                && (s.metadata.labels["k8s-app"] == "kube-dns" || ["kube-dns", "coredns"].contains(s.metadata.name))
        }
    }
}

extension Scene {
    /// The validating and then the mutating configurations, with their webhooks.
    var webhookConfigurations: [(path: EntityPath, webhooks: [Webhook])] {
        snapshot.validatingWebhooks.map { (path("ValidatingWebhookConfiguration", "", $0.metadata.name), $0.webhooks) }
            + snapshot.mutatingWebhooks.map { (path("MutatingWebhookConfiguration", "", $0.metadata.name), $0.webhooks) }
    }
}
