import Core
import Diagnosis
import Kubernetes

/// Links what is wrong with a Deployment's pods to the revision that brought it. Runs last, over what the other rules said.
///
/// An older revision serves and only the new one fails, for a reason in its own template: that is `rollout-stuck`, and the reason
/// goes into its text. Nothing of the old one serves any more: the reason keeps its own name and carries the change.
struct RolloutRule: Rule {
    let name = "rollout"
    let categories = ["rollout-stuck"]

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        let byResource = Dictionary(grouping: draft.hypotheses.indices, by: { draft.hypotheses[$0].resource })
        for trouble in examination.troubles {
            guard let history = trouble.history, let base = history.base, let change = history.change(trouble.workload, scene) else {
                continue
            }
            let path = trouble.workload.path
            let badRevision = history.revision(history.current, scene)
            let serves = "revision \(history.revision(history.serving ?? base, scene)) still serves (\(history.oldReady) pods)"
            let undo = history.good.map { good in
                "kubectl -n \(path.namespace) rollout undo deployment/\(path.name) --to-revision=\(history.revision(good, scene))"
            }
            let current = Set(trouble.workload.currentPods)
            let troubled = trouble.containers.flatMap(\.pods) + trouble.unschedulable + trouble.unmountable.map(\.pod)
            let onlyNew = !troubled.isEmpty && troubled.allSatisfy(current.contains)
            let before =
                scene.earlierFailures(of: scene.snapshot.replicaSets[base])
                || RevisionHistory.hasFailed(scene.snapshot.replicaSets[base], scene)
            for i in byResource[path] ?? [] where draft.hypotheses[i].depth != .external {
                guard onlyNew, !before || history.oldReady > 0, Relevance.relates(change.fields, to: draft.hypotheses[i]) else { continue }
                attach(change, history, scene, to: &draft.hypotheses[i])
                let names = Relevance.describe(change.fields)
                draft.hypotheses[i].support.append(
                    Support(
                        .supporting,
                        Evidence(.change, source: path.resource, text: "revision \(badRevision) changed \(names)", time: change.time)))
                guard history.oldReady > 0 else { continue }
                var stuck = draft.hypotheses[i]
                guard stuck.confidence >= Confidence.threshold else { continue }
                stuck.category = "rollout-stuck"
                stuck.rule = name
                stuck.complaint = "is stuck at revision \(badRevision)"
                stuck.text =
                    "the rollout of revision \(badRevision) is stuck: \(stuck.text); \(serves)"
                stuck.facts["reason"] = .string(draft.hypotheses[i].category)
                stuck.next = [undo].compactMap { $0 }
                if let status = progress(trouble, scene) { stuck.support.append(status) }
                // What stops only the new pods is told as the rollout: the deeper name would hide that users are still served.
                draft.hypotheses[i] = stuck
            }
            guard history.oldReady > 0, onlyNew, !change.fields.isEmpty, let status = progress(trouble, scene),
                !(byResource[path] ?? []).contains(where: { draft.hypotheses[$0].confidence >= Confidence.threshold })
            else { continue }
            var hypothesis = Hypothesis(
                rule: name, category: "rollout-stuck", resource: path, depth: .general, severity: trouble.severity,
                complaint: "is stuck at revision \(badRevision)",
                fact: "its new pods do not become ready",
                text:
                    "the rollout of revision \(badRevision) is stuck: its pods do not become ready; \(serves)",
                since: change.time, support: [status],
                next: [undo].compactMap { $0 })
            hypothesis.support.append(
                Support(
                    .strong,
                    Evidence(
                        .change, source: path.resource, text: "revision \(badRevision) changed \(Relevance.describe(change.fields))",
                        time: change.time)))
            attach(change, history, scene, to: &hypothesis)
            draft.hypotheses.append(hypothesis)
        }
    }

    private func attach(_ change: Change, _ history: RevisionHistory, _ scene: Scene, to hypothesis: inout Hypothesis) {
        hypothesis.change = change
        hypothesis.facts["badRevision"] = JSON(history.revision(history.current, scene))
        guard let good = history.good else { return }
        hypothesis.facts["goodRevision"] = JSON(history.revision(good, scene))
        hypothesis.facts["goodRevisionProof"] = history.proof.map { .string($0) }
    }

    private func progress(_ trouble: Trouble, _ scene: Scene) -> Support? {
        guard let d = trouble.workload.deployment else { return nil }
        let deployment = scene.snapshot.deployments[d]
        guard deployment.status.observedGeneration >= deployment.metadata.generation,
            let condition = deployment.status.conditions.first(where: {
                $0.type == "Progressing" && $0.status == "False" && $0.reason == "ProgressDeadlineExceeded"
            })
        else { return nil }
        return Support(
            .strong,
            Evidence(
                .status, source: trouble.workload.path.resource, text: "ProgressDeadlineExceeded: \(condition.message ?? "")",
                time: condition.lastTransitionTime))
    }
}

/// Whether the fields that a revision changed can have brought a fault about.
enum Relevance {
    static func relates(_ fields: [FieldChange], to hypothesis: Hypothesis) -> Bool {
        let container = hypothesis.facts["container"]?.string
        func any(_ parts: String...) -> Bool { fields.contains { field in parts.contains { field.path.contains($0) } } }
        let isNewContainer = container.map { name in fields.contains { $0.path.hasSuffix("ontainers[\(name)]") } } ?? false
        if fields.isEmpty { return false }
        if isNewContainer { return true }
        switch hypothesis.category {
        case "image-not-found", "image-tag-not-found", "image-auth", "image-name-invalid", "image-registry-unreachable",
            "image-never-present", "image-rate-limited":
            return any(".image", ".imagePullSecrets", ".imagePullPolicy")
        case "configmap-missing", "secret-missing", "config-key-missing": return any(".env[", ".envFrom", ".env")
        case "volume-configmap-missing", "volume-secret-missing", "volume-hostpath-missing", "pvc-missing": return any(".volumes")
        case "insufficient-cpu", "insufficient-memory": return any(".resources")
        case "node-selector-mismatch", "taint-not-tolerated", "anti-affinity":
            return any(".nodeSelector", ".affinity", ".tolerations", ".topologySpread")
        case "run-as-non-root": return any(".securityContext", ".image")
        default:
            // A program may fail for anything that it is run with; labels and annotations are not that.
            return fields.contains { !$0.path.hasPrefix("spec.template.metadata") }
        }
    }

    /// Which fields, by name: in a sentence nothing tells a secret value any more. Values stand in the change, redacted by their paths.
    static func describe(_ fields: [FieldChange]) -> String {
        let names = fields.prefix(3).map { field in
            field.path.hasPrefix("spec.template.spec.") ? String(field.path.dropFirst(19)) : field.path
        }
        return names.joined(separator: ", ") + (fields.count > 3 ? " and \(fields.count - 3) more" : "")
    }
}
