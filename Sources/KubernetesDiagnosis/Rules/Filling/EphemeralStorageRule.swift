import Core
import Diagnosis
import Kubernetes

/// Pods are put out since they write more to the disk of their node than they may.
struct EphemeralStorageRule: Rule {
    let name = "ephemeral-storage"
    let categories = ["evicted-ephemeral-storage"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Pods are evicted since they write more to the disk of their node than they may.",
            sees: ["pods", "events"],
            evidence: ["Evicted with the limit that was exceeded, in the status of the pod or in an event", "limits.ephemeral-storage"],
            contradictedBy: ["a single pod that was put out and has been replaced", "pressure on the node instead"],
            next: ["raise the limit, or write to a volume"],
            references: ["https://kubernetes.io/docs/concepts/storage/ephemeral-storage/"])
    }

    /// What happened so long ago is over, where all pods are ready.
    private static let freshness: Duration = .seconds(900)

    /// A pod that was put out.
    private struct Eviction {
        let pod: Int
        let message: String
        let support: Support
        var time: Timestamp?
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        var found: [Int: [Eviction]] = [:]
        for trouble in examination.troubles {
            for p in trouble.evicted {
                let message = scene.snapshot.pods[p].status.message ?? ""
                guard Self.isOfStorage(message) else { continue }
                let evidence = Evidence(.status, source: scene.podName(p), text: "Evicted: \(message)")
                found[trouble.index, default: []].append(Eviction(pod: p, message: message, support: Support(.decisive, evidence)))
            }
        }
        // A program that ends well when it is told to leaves a pod that has succeeded: then only the event tells.
        for event in scene.snapshot.events where event.reason == "Evicted" && event.regarding.kind == "Pod" {
            guard Self.isOfStorage(event.message),
                let p = scene.podIndex(namespace: event.regarding.namespace ?? "", name: event.regarding.name)
            else { continue }
            let w = scene.index.ofPod[p]
            if let known = found[w]?.firstIndex(where: { $0.pod == p }) {
                found[w]?[known].time = event.lastSeen
            } else {
                let support = Support(.decisive, scene.evidence(event))
                found[w, default: []].append(Eviction(pod: p, message: event.message, support: support, time: event.lastSeen))
            }
        }
        for w in found.keys.sorted(by: { scene.workloads[$0].path < scene.workloads[$1].path }) {
            conclude(scene.workloads[w], found[w] ?? [], scene, &draft)
        }
    }

    private func conclude(_ workload: Workload, _ evictions: [Eviction], _ scene: Scene, _ draft: inout Draft) {
        let ordered = evictions.sorted { ($0.time ?? .distantPast, $0.pod) < ($1.time ?? .distantPast, $1.pod) }
        guard let last = ordered.last else { return }
        let ready = workload.pods.count { scene.health[$0].isReady }
        let isServed = workload.kind != "Job" && ready >= workload.desired ?? workload.pods.count
        // A replica that was put out once and replaced is over; one that happens again is not.
        if isServed, evictions.count < 2 || last.time.map({ scene.now - $0 > Self.freshness }) ?? false { return }
        var support = [last.support]
        if last.support.evidence.kind == .status, let event = scene.eventEvidence([last.pod], .strong, where: { $0.reason == "Evicted" }) {
            support.append(event)
        }
        let container = scene.snapshot.pods[last.pod].spec.containers.first { $0.resources.limits["ephemeral-storage"] != nil }
        if let container, let limit = container.resources.limits["ephemeral-storage"] {
            support.append(scene.spec(workload.path, .strong, "ephemeral-storage limit of container \(container.name) is \(limit)"))
        }
        draft.hypotheses.append(
            Hypothesis(
                rule: name, category: "evicted-ephemeral-storage", resource: workload.path, key: container?.name, depth: .specific,
                severity: .high, complaint: "is evicted", fact: "it uses more ephemeral storage than its limit",
                text: "pods of \(workload.name) are evicted: \(last.message)",
                since: ordered.compactMap { scene.snapshot.pods[$0.pod].status.startTime }.min(), support: support,
                next: ["raise limits.ephemeral-storage, or write to a volume"]))
    }

    private static func isOfStorage(_ message: String) -> Bool {
        LogLine(message).hasAny("ephemeral local storage usage exceeds", "usage of emptydir volume", "local ephemeral storage limit")
    }
}
