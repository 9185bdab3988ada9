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

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "A new revision fails while the old one serves: what the other rules said of its pods becomes the reason, with the fields that changed.",
            sees: ["deployments", "replicasets", "controllerrevisions", "pods"],
            evidence: ["ProgressDeadlineExceeded or failing pods of the newest revision; the fields that changed"],
            contradictedBy: ["pods of the older revision fail, too"],
            next: ["kubectl rollout undo deployment NAME"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"])
    }

    /// A revision of which no earlier one is left and that was there for longer than this has worked before it failed.
    private static let memory: Duration = .seconds(86_400)

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        let byResource = Dictionary(grouping: draft.hypotheses.indices, by: { draft.hypotheses[$0].resource })
        for trouble in examination.troubles {
            let here = byResource[trouble.workload.path] ?? []
            guard let release = Release(trouble, scene) else {
                if let history = ControllerHistory(trouble.workload, scene) { link(here, to: history, of: trouble, scene, &draft) }
                continue
            }
            for i in here where draft.hypotheses[i].depth != .external && release.canBeToBlame {
                if release.change.isRestart {
                    draft.hypotheses[i].ruledOut.append("a change of configuration: \(release.restart)")
                } else if release.attach(to: &draft.hypotheses[i], scene), release.history.oldReady > 0,
                    draft.hypotheses[i].confidence >= Confidence.threshold
                {
                    // What stops only the new pods is told as the rollout: the deeper name would hide that users are still served.
                    draft.hypotheses[i] = stuck(
                        draft.hypotheses[i], at: release.bad, release.serves, wayBack: release.wayBack(for: draft.hypotheses[i]),
                        progress(trouble, scene))
                }
            }
            if !here.contains(where: { draft.hypotheses[$0].confidence >= Confidence.threshold }),
                let unexplained = unexplained(release, scene)
            {
                draft.hypotheses.append(unexplained)
            }
        }
    }

    /// As for Deployments, of what keeps its revisions itself. Nothing is remembered of the health of these, so that none is named as the
    /// one to go back to for a repair.
    private func link(_ here: [Int], to history: ControllerHistory, of trouble: Trouble, _ scene: Scene, _ draft: inout Draft) {
        let failing = trouble.failingPods
        guard !failing.isEmpty, failing.allSatisfy(history.currentPods.contains), let time = history.change.time,
            history.oldReady > 0 || scene.now - time < RolloutRule.memory
        else { return }
        let path = trouble.workload.path
        for i in here where draft.hypotheses[i].depth != .external {
            if history.change.isRestart {
                draft.hypotheses[i].ruledOut.append(
                    "a change of configuration: revision \(history.current) is revision \(history.base), restarted")
                continue
            }
            guard let (change, brought, relevance) = history.change.told(of: draft.hypotheses[i]), relevance > .unlikely else { continue }
            draft.hypotheses[i].change = change
            draft.hypotheses[i].support.append(
                Support(
                    .supporting,
                    Evidence(
                        .change, source: path.resource,
                        text: "revision \(change.revision ?? "?") changed \(Relevance.describe(brought))", time: change.time)))
            if let helm = scene.helmEvidence(of: change, trouble.workload) { draft.hypotheses[i].support.append(helm) }
            guard history.oldReady > 0, draft.hypotheses[i].confidence >= Confidence.threshold else { continue }
            draft.hypotheses[i] = stuck(
                draft.hypotheses[i], at: history.current, "revision \(history.base) still serves (\(history.oldReady) pods)",
                wayBack: ["kubectl -n \(path.namespace) rollout undo \(path.resource.lowercased()) --to-revision=\(history.base)"], nil)
        }
    }

    /// A fault that stops only the new pods.
    private func stuck(_ reason: Hypothesis, at revision: Int, _ serves: String, wayBack: [String], _ progress: Support?) -> Hypothesis {
        var stuck = reason
        stuck.category = "rollout-stuck"
        stuck.rule = name
        stuck.complaint = "is stuck at revision \(revision)"
        stuck.text = "the rollout of revision \(revision) is stuck: \(reason.text); \(serves)"
        stuck.facts["reason"] = .string(reason.category)
        stuck.next = wayBack
        if let progress { stuck.support.append(progress) }
        return stuck
    }

    /// The controller has given up, and no rule knows why the new pods do not become ready.
    private func unexplained(_ release: Release, _ scene: Scene) -> Hypothesis? {
        // Of pods that find no node the scheduler says why, and it is no fault of the program.
        guard release.history.oldReady > 0, release.isOfNewPodsOnly, release.trouble.unschedulable.isEmpty,
            let status = progress(release.trouble, scene)
        else { return nil }
        let what = release.change.isRestart ? "restart, which made revision \(release.bad)," : "rollout of revision \(release.bad)"
        var hypothesis = Hypothesis(
            rule: name, category: "rollout-stuck", resource: release.path, depth: .general, severity: release.trouble.severity,
            complaint: "is stuck at revision \(release.bad)", fact: "its new pods do not become ready",
            text: "the \(what) is stuck: its pods do not become ready; \(release.serves)", since: release.change.time, support: [status])
        if release.change.isRestart {
            hypothesis.support.append(Support(.supporting, Evidence(.change, source: release.path.resource, text: release.restart)))
            hypothesis.ruledOut = ["a change of configuration: \(release.restart)"]
            return hypothesis
        }
        guard release.attach(to: &hypothesis, weight: .strong, scene) else { return nil }
        hypothesis.next = release.wayBack(for: hypothesis)
        return hypothesis
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
