import Core
import Diagnosis
import Kubernetes

/// A workload is scaled to zero and something needs it: a Service selects it, and perhaps a caller fails because of it.
struct ScaledToZeroRule: Rule {
    let name = "scaled-to-zero"
    let categories = ["scaled-to-zero"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A workload is scaled to zero and something needs it.",
            sees: ["deployments", "services", "endpointslices", "pods", "logs"],
            evidence: ["replicas 0, a Service without endpoints that selects it, callers that fail; who scaled it"],
            contradictedBy: ["nothing selects it: somebody turned it off"],
            next: ["kubectl scale it, or stop who calls it"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        var selecting: [Int: [Service]]?
        for (i, workload) in scene.workloads.enumerated()
        where workload.desired == 0 && (workload.kind == "Deployment" || workload.kind == "StatefulSet") {
            if selecting == nil {
                selecting = [:]
                for service in scene.snapshot.services {
                    for w in scene.workloads(behind: service) { selecting?[w, default: []].append(service) }
                }
            }
            guard let services = selecting?[i], !services.isEmpty else { continue }
            // An autoscaler that may go to zero does so on purpose.
            if scene.snapshot.autoscalers.contains(where: {
                $0.spec.minReplicas == 0 && $0.spec.scaleTargetRef.name == workload.name && $0.metadata.namespace == workload.namespace
            }) {
                continue
            }
            let empty = services.filter { (ServiceIndex.readyEndpoints(of: $0, scene) ?? 0) == 0 }
            guard !empty.isEmpty else { continue }
            var support = [Support(.decisive, Evidence(.spec, source: workload.path.resource, text: "replicas 0"))]
            for service in empty {
                let path = scene.path("Service", service.metadata.namespace, service.metadata.name)
                draft.graph.add(path, .selects, workload.path)
                support.append(
                    Support(.strong, Evidence(.status, source: path.resource, text: "Service \(service.metadata.name) has no endpoints")))
            }
            let scaling = scene.events(about: workload.metadata, kind: workload.kind).last {
                $0.reason == "ScalingReplicaSet" && $0.message.contains("Scaled down") && $0.message.contains("to 0")
            }
            let (since, author) = Self.lastWrite(workload, scaling)
            if let scaling { support.append(Support(.supporting, scene.evidence(scaling))) }
            var change: Change?
            if let since, scaling != nil || author != nil {
                let before = scaling.flatMap { Self.number(in: $0.message, after: "from ") }
                change = Change(
                    time: since, kind: "scale", entity: workload.path, revision: nil, author: author,
                    fields: [FieldChange(path: "spec.replicas", from: before.map { JSON($0) }, to: 0)],
                    source: scaling == nil ? "managedFields" : "events")
            }
            var facts: JSON = ["replicas": 0]
            let former = change?.fields.first?.from?.int ?? scene.lastReplicas(workload)
            if let former, former > 0 { facts["formerReplicas"] = JSON(former) }
            let names = empty.map(\.metadata.name).joined(separator: ", ")
            let hypothesis =
                Hypothesis(
                    rule: name, category: "scaled-to-zero", resource: workload.path, depth: .external, severity: .low,
                    complaint: "is scaled to zero",
                    fact: "Service \(names) has no endpoints",
                    text: "\(workload.kind) \(workload.name) is scaled to 0 replicas, so Service \(names) has no endpoints",
                    since: since, support: support, change: change,
                    next: [
                        "kubectl -n \(workload.namespace) scale \(workload.path.resource.lowercased()) --replicas=\(former.map { max(1, $0) } ?? 1)"
                    ], facts: facts)
            // Somebody's wish, as long as nobody suffers from it.
            let isNeeded = isNeeded(Set(empty.map { scene.path("Service", $0.metadata.namespace, $0.metadata.name) }), examination)
            if let since, !isNeeded { Deliberate.add(hypothesis, since: since, scene, &draft) } else { draft.hypotheses.append(hypothesis) }
        }
    }

    /// Whether somebody who is not well, or who complains, calls one of the Services.
    private func isNeeded(_ services: Set<EntityPath>, _ examination: Examination) -> Bool {
        let scene = examination.scene
        return examination.troubles.contains { !services.isDisjoint(with: scene.calledServices(of: $0.workload)) }
            || examination.complaints.contains { complaint in
                ServiceIndex.services(complaint.clue.peers, namespace: complaint.workload.namespace, scene).contains {
                    services.contains(scene.path("Service", $0.metadata.namespace, $0.metadata.name))
                }
            }
    }

    private static func lastWrite(_ workload: Workload, _ scaling: Event?) -> (Timestamp?, String?) {
        let scale = workload.metadata.fieldManagers.filter { $0.subresource == "scale" }.max {
            ($0.time ?? .distantPast) < ($1.time ?? .distantPast)
        }
        let written = workload.metadata.fieldManagers.isEmpty ? nil : workload.metadata.lastWrite
        return (scaling?.lastSeen ?? scale?.time ?? written, scale?.manager)
    }

    static func number(in text: String, after words: String) -> Int? {
        guard let range = text.firstRange(of: words) else { return nil }
        return Int(text[range.upperBound...].prefix { $0.isNumber })
    }
}

extension Scene {
    /// How many replicas a Deployment had before: the controller notes the wanted number on its ReplicaSets.
    func lastReplicas(_ workload: Workload) -> Int? {
        workload.replicaSets.reversed().lazy.compactMap {
            self.snapshot.replicaSets[$0].metadata.annotations["deployment.kubernetes.io/desired-replicas"].flatMap { Int($0) }
        }.first { $0 > 0 }
    }
}
