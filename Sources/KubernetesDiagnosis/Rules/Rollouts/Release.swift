import Core
import Diagnosis

/// A revision with trouble, beside those before it.
struct Release {
    let trouble: Trouble
    let history: RevisionHistory
    let change: RevisionChange
    /// The numbers of the wanted revision and of the one to go back to.
    let bad: Int
    let good: Int?
    /// Which revision still has ready pods, in words.
    let serves: String
    /// What a restart is, in words.
    let restart: String
    /// Every pod in trouble is of the wanted revision.
    let isOfNewPodsOnly: Bool
    /// The revision that it is compared with did not fail before, or another serves.
    let canBeToBlame: Bool
    private let onlyTheOldOneWorked: Bool

    init?(_ trouble: Trouble, _ scene: Scene) {
        guard let history = trouble.history, let base = history.base else { return nil }
        self.trouble = trouble
        self.history = history
        change = RevisionChange(since: base, history, trouble.workload, scene)
        bad = history.revision(history.current, scene)
        good = history.good.map { history.revision($0, scene) }
        serves = "revision \(history.revision(history.serving ?? base, scene)) still serves (\(history.oldReady) pods)"
        restart = "revision \(bad) is revision \(history.revision(base, scene)), restarted"
        let current = Set(trouble.workload.currentPods)
        let failing = trouble.failingPods
        isOfNewPodsOnly = !failing.isEmpty && failing.allSatisfy(current.contains)
        let before = scene.snapshot.replicaSets[base]
        let failedBefore = scene.earlierFailures(of: before) || RevisionHistory.hasFailed(before, scene)
        canBeToBlame = isOfNewPodsOnly && (!failedBefore || history.oldReady > 0)
        onlyTheOldOneWorked = history.onlyTheOldOneWorked(trouble.workload, scene)
    }

    var path: EntityPath { trouble.workload.path }

    /// The command that goes back to the revision that the hypothesis names as good.
    func wayBack(for hypothesis: Hypothesis) -> [String] {
        guard let good = hypothesis.facts["goodRevision"]?.int else { return [] }
        return ["kubectl -n \(path.namespace) rollout undo deployment/\(path.name) --to-revision=\(good)"]
    }

    /// Names the change to a hypothesis, with the revision to go back to; false where no field that changed is related to it.
    func attach(to hypothesis: inout Hypothesis, weight: Support.Weight = .supporting, _ scene: Scene) -> Bool {
        guard let (change, brought, relevance) = change.told(of: hypothesis) else { return false }
        let isMetadata = relevance == .unlikely
        if isMetadata && !onlyTheOldOneWorked { return false }
        hypothesis.change = change
        let revision = change.revision ?? "\(bad)"
        var text = "revision \(revision) changed \(isMetadata ? "only " : "")\(Relevance.describe(brought))"
        // The configuration itself is not in the template: going back to an earlier one does not bring it back.
        let isElsewhere = isMetadata && change.fields.allSatisfy(Relevance.isDigest)
        if isElsewhere { text += ": what it stands for has changed, and no revision of this workload holds that" }
        // What is felt does not become the cause by having begun with a release.
        let isFelt = hypothesis.depth == .surface && !hypothesis.dependsOn.isEmpty
        hypothesis.support.append(
            Support(isMetadata || isFelt ? .weak : weight, Evidence(.change, source: path.resource, text: text, time: change.time)))
        if let helm = scene.helmEvidence(of: change, trouble.workload) { hypothesis.support.append(helm) }
        hypothesis.facts["badRevision"] = JSON(bad)
        guard let good, !isElsewhere else { return true }
        hypothesis.facts["goodRevision"] = JSON(good)
        hypothesis.facts["goodRevisionProof"] = history.proof.map { .string($0) }
        return true
    }
}

extension Trouble {
    /// Indices of the pods that do not start, end, or find no place.
    var failingPods: [Int] { containers.flatMap(\.pods) + unschedulable + unmountable.map(\.pod) }
}
