import Core
import Diagnosis
import Kubernetes

/// Namespaces and pods that were deleted and do not go away.
struct DeletionRule: Rule {
    let name = "deletion"
    let categories = ["namespace-stuck-finalizer", "pod-slow-termination", "pod-stuck-finalizer"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A namespace or a pod was deleted and does not go away.",
            sees: ["namespaces", "pods"],
            evidence: ["deletionTimestamp, finalizers, the conditions of the namespace, the grace period"],
            contradictedBy: ["a grace period that is not over"],
            next: ["find who should remove the finalizer"],
            references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for namespace in scene.snapshot.namespaceObjects {
            guard let deleted = namespace.metadata.deletionTimestamp, scene.now - deleted > .seconds(60) else { continue }
            let reasons = namespace.status.conditions.filter {
                $0.status == "True"
                    && [
                        "NamespaceFinalizersRemaining", "NamespaceContentRemaining", "NamespaceDeletionContentFailure",
                        "NamespaceDeletionDiscoveryFailure",
                    ].contains($0.type)
            }
            // Content remains until its pods have had their grace; that is no reason yet.
            let isHeld = reasons.contains { $0.type != "NamespaceContentRemaining" }
            guard isHeld || scene.now - deleted > .seconds(600) else { continue }
            let path = scene.path("Namespace", "", namespace.metadata.name)
            let finalizer = reasons.first { $0.type == "NamespaceFinalizersRemaining" } ?? reasons.first
            let fact = finalizer?.message ?? "it has not finished for \(Int((scene.now - deleted).secondCount)) s"
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "namespace-stuck-finalizer", resource: path, depth: .specific, severity: .medium,
                    complaint: "does not go away", fact: String(fact.prefix(100)),
                    text: "namespace \(namespace.metadata.name) is stuck in Terminating: \(fact)", since: deleted,
                    support: [Support(.strong, scene.spec(path, .strong, "deleted \(deleted)").evidence)]
                        + reasons.prefix(2).map {
                            Support(
                                .decisive,
                                Evidence(
                                    .status, source: path.resource, text: "\($0.type): \($0.message ?? "")", time: $0.lastTransitionTime))
                        }))
        }
        for i in scene.workloads.indices {
            for p in scene.workloads[i].allPods where scene.health[p].isEnding { pod(p, scene, &draft) }
        }
    }

    private func pod(_ p: Int, _ scene: Scene, _ draft: inout Draft) {
        let pod = scene.snapshot.pods[p]
        guard let deadline = pod.metadata.deletionTimestamp else { return }
        // On a node that does not report, nothing can end: that is the node's fault.
        if let name = pod.spec.nodeName, let node = scene.node(name),
            !node.status.conditions.contains(where: { $0.type == "Ready" && $0.status == "True" })
        {
            return
        }
        let grace = Duration.seconds(pod.metadata.deletionGracePeriodSeconds ?? 30)
        let asked = deadline + .zero - grace
        let path = scene.path("Pod", pod.metadata.namespace, pod.metadata.name)
        let running = pod.status.containerStatuses.filter { $0.state.running != nil }.map(\.name)
        let status = Support(
            .strong,
            Evidence(
                .status, source: path.resource,
                text: "being deleted since \(asked), grace period \(Int(grace.secondCount)) s, "
                    + (running.isEmpty ? "no container runs" : "\(running.joined(separator: ", ")) still runs"), time: asked))
        if running.isEmpty, !pod.metadata.finalizers.isEmpty, scene.now - deadline > .seconds(60) {
            let names = pod.metadata.finalizers.joined(separator: ", ")
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "pod-stuck-finalizer", resource: path, depth: .specific, severity: .medium,
                    complaint: "does not go away", fact: "finalizer \(names) is not removed",
                    text: "pod \(pod.metadata.name) was deleted, its containers have ended, and nobody removes the finalizer \(names)",
                    since: deadline, support: [status, scene.spec(path, .decisive, "finalizers: \(names)")]))
        } else if !running.isEmpty, scene.now < deadline, scene.now - asked > .seconds(120) {
            let preStop = pod.spec.containers.first { $0.lifecycle?.preStop != nil }?.name
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "pod-slow-termination", resource: path, depth: .specific, severity: .low,
                    complaint: "takes long to end", fact: "its grace period is \(Int(grace.secondCount)) s",
                    text:
                        "pod \(pod.metadata.name) has been ending for \(Int((scene.now - asked).secondCount)) s of its grace period of \(Int(grace.secondCount)) s: \(preStop.map { "the preStop hook of \($0) runs, or " } ?? "")its program ignores SIGTERM",
                    since: asked,
                    support: [
                        status, scene.spec(path, .strong, "terminationGracePeriodSeconds \(pod.spec.terminationGracePeriodSeconds ?? 30)"),
                    ] + (scene.eventEvidence([p], .strong, where: { $0.reason == "Killing" }).map { [$0] } ?? [])))
        }
    }
}
