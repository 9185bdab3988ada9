import Core
import Diagnosis
import Kubernetes

/// A Service selects no pod although pods that are meant are there: their labels nearly match.
struct ServiceSelectorRule: Rule {
    let name = "service-selector"
    let categories = ["service-selector-mismatch"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A Service selects no pod although the pods that are meant are there.",
            sees: ["services", "pods", "endpointslices"],
            evidence: ["a selector that one label keeps from matching ready pods"],
            contradictedBy: ["ready endpoints"],
            next: ["correct the selector or the labels"],
            references: ["https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        guard scene.snapshot.knows("pods") || !scene.snapshot.pods.isEmpty else { return }
        for service in scene.snapshot.services where !service.spec.selector.isEmpty && service.spec.type != "ExternalName" {
            let namespace = service.metadata.namespace
            let path = scene.path("Service", namespace, service.metadata.name)
            let ready = ServiceIndex.readyEndpoints(of: service, scene)
            guard ready == 0 else { continue }
            let selected = scene.workloads(behind: service)
            guard selected.isEmpty else {
                for w in selected { draft.graph.add(path, .selects, scene.workloads[w].path) }
                draft.symptoms.append(
                    Symptom(
                        "service-without-endpoints", path, effect: "Service \(service.metadata.name) has no ready endpoints",
                        severity: .low,
                        // Since when is not told; the Service itself is older.
                        since: scene.now, followsFrom: selected.map { scene.workloads[$0].path },
                        isReportable: false))
                continue
            }
            guard let near = nearest(to: service, scene) else {
                draft.hygiene.append(
                    Finding(
                        rule: "service-selects-nothing", kind: .hygiene, severity: .low, entity: path,
                        text: "Service \(service.metadata.name) selects no pods",
                        firstSeen: service.metadata.creationTimestamp ?? scene.now, lastSeen: scene.now, evidence: []))
                continue
            }
            let selector = service.spec.selector.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
            let found = near.wrong.map { "\($0.key)=\($0.actual)" }.joined(separator: ",")
            let wanted = near.wrong.map { "\($0.key)=\($0.wanted)" }.joined(separator: ",")
            let change = relabelling(near, service, scene)
            draft.graph.add(path, .selects, near.workload.path)
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "service-selector-mismatch", resource: path, depth: .specific, severity: .high,
                    complaint: "selects no pods",
                    fact: "it wants \(wanted), the pods of \(near.workload.name) have \(found)",
                    text:
                        "Service \(service.metadata.name) selects \(selector) and no pod has that; the ready pods of \(near.workload.path.resource) have \(found)",
                    since: change?.time ?? service.metadata.lastWrite,
                    support: [
                        Support(
                            near.isCertain ? .decisive : .strong,
                            Evidence(
                                .spec, source: path.resource, text: "selector \(selector); pods of \(near.workload.path.resource): \(found)"
                            )),
                        Support(.strong, Evidence(.status, source: path.resource, text: "no endpoints")),
                    ] + evidence(change), change: change,
                    next: ["kubectl -n \(namespace) get pods --show-labels"]))
        }
    }

    /// The change that took the labels away from the pods, where an earlier revision of theirs had what the Service selects.
    private func relabelling(_ near: Near, _ service: Service, _ scene: Scene) -> Change? {
        guard let history = RevisionHistory(near.workload, scene),
            let base = history.earlier.last(where: { set in
                let labels = scene.snapshot.replicaSets[set].spec.template.metadata.labels
                return service.spec.selector.allSatisfy { labels[$0.key] == $0.value }
            })
        else { return nil }
        let change = RevisionChange(since: base, history, near.workload, scene)
        let keys = Set(near.wrong.map(\.key))
        return change.limited(
            to: change.fields.filter { field in
                keys.contains { TemplateDiff.path(of: $0, in: "spec.template.metadata.labels") == field.path }
            })
    }

    private func evidence(_ change: Change?) -> [Support] {
        guard let change, let revision = change.revision else { return [] }
        return [
            Support(
                .supporting,
                Evidence(
                    .change, source: change.entity.resource, text: "revision \(revision) changed \(Relevance.describe(change.fields))",
                    time: change.time))
        ]
    }

    private struct Near {
        let workload: Workload
        let wrong: [(key: String, wanted: String, actual: String)]
        let isCertain: Bool
    }

    /// The workload with ready pods that the Service most likely means: one label off by a slip, or its own name on the right port.
    private func nearest(to service: Service, _ scene: Scene) -> Near? {
        var best: (score: Int, near: Near)?
        for i in scene.workloads(in: service.metadata.namespace) {
            let workload = scene.workloads[i]
            guard let p = workload.pods.first(where: { scene.health[$0].isReady }) else { continue }
            let pod = scene.snapshot.pods[p]
            var matching = 0
            var wrong: [(key: String, wanted: String, actual: String)] = []
            for (key, value) in service.spec.selector.sorted(by: { $0.key < $1.key }) {
                if pod.metadata.labels[key] == value {
                    matching += 1
                } else {
                    wrong.append((key, value, pod.metadata.labels[key] ?? "(none)"))
                }
            }
            // One label may be off: a slip in its value, or in its key.
            guard wrong.count == 1, let off = wrong.first else { continue }
            let slip = off.actual != "(none)" && NearMiss.of(off.wanted, among: [off.actual]) != nil
            let keySlip = off.actual == "(none)" && pod.metadata.labels.contains { $0.value == off.wanted && $0.key != "pod-template-hash" }
            let sameName = workload.name == service.metadata.name || pod.metadata.labels[off.key] == service.metadata.name
            let ports = Set(pod.spec.containers.flatMap { c in c.ports.map(\.containerPort) + [] })
            let names = Set(pod.spec.containers.flatMap { $0.ports.compactMap(\.name) })
            let fits = service.spec.ports.contains { port in
                switch port.targetPort {
                case .int(let n): ports.contains(n)
                case .string(let s): names.contains(s)
                case nil: ports.contains(port.port)
                }
            }
            // A label that no pod of it has may be that of others which do not run at present: a canary, a shard.
            let isKnown = off.actual != "(none)"
            guard slip || keySlip || (sameName && fits) || (matching > 0 && fits && isKnown) else { continue }
            let score = matching * 4 + (slip ? 3 : 0) + (keySlip ? 3 : 0) + (sameName ? 2 : 0) + (fits ? 1 : 0)
            if best.map({ score > $0.score }) ?? true {
                best = (score, Near(workload: workload, wrong: wrong, isCertain: sameName && fits))
            }
        }
        return best?.near
    }
}
