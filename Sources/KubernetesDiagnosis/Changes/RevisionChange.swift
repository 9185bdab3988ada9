import Core
import Diagnosis
import Kubernetes

/// What lies between an earlier revision, the base, and the current one.
struct RevisionChange: Sendable {
    /// `kubectl rollout restart` writes the time here: the pods are made anew, and nothing that they are run with changes.
    private static let restart = "spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt]"

    /// A revision after the base.
    private struct Step: Sendable {
        let set: ReplicaSet
        /// Values of the fields in which it differs from the base, by path.
        let values: [String: JSON?]
        let hasFailed: Bool
    }

    let workload: Workload
    /// Differences of the current revision from the base, in the order of their paths. A restart is none.
    let fields: [FieldChange]
    /// The current revision is the base, restarted.
    let isRestart: Bool
    /// Ascending; the last is the current one.
    private let steps: [Step]

    init(since base: Int, _ history: RevisionHistory, _ workload: Workload, _ scene: Scene) {
        let sets = scene.snapshot.replicaSets
        func template(_ rs: ReplicaSet) -> JSON? {
            guard let bytes = scene.snapshot.replicaSetJSON[rs.metadata.uid] else { return nil }
            return (try? JSON(parsing: bytes))?[at: "spec", "template"]
        }
        let old = template(sets[base])
        func difference(_ index: Int) -> [FieldChange] {
            guard let old, let new = template(sets[index]) else { return [] }
            return TemplateDiff.fields(old, new)
        }
        let all = difference(history.current)
        fields = all.filter { $0.path != RevisionChange.restart }
        isRestart = fields.isEmpty && !all.isEmpty
        steps = history.steps(after: base, scene).map { index in
            let differences = index == history.current ? all : difference(index)
            return Step(
                set: sets[index], values: Dictionary(differences.map { ($0.path, $0.to) }, uniquingKeysWith: { $1 }),
                hasFailed: RevisionHistory.hasFailed(sets[index], scene))
        }
        self.workload = workload
    }

    /// When the current revision became the wanted one.
    var time: Timestamp? { takenAt(steps.count - 1) }

    /// The change as it is told of a fault: the fields that have most to do with it first, since the revision that brought these, and
    /// of them those that this revision brought. Nil where no field has anything to do with it.
    func told(of hypothesis: Hypothesis) -> (change: Change, brought: [FieldChange], relevance: Relevance)? {
        let ranked = fields.map { (field: $0, relevance: Relevance.of($0, to: hypothesis)) }
            .sorted { ($1.relevance, $0.field.path) < ($0.relevance, $1.field.path) }
        guard let relevance = ranked.first?.relevance, relevance > .none else { return nil }
        let first = ranked.filter { $0.relevance == relevance }.compactMap { origin(of: $0.field) }.min() ?? steps.count - 1
        guard steps.indices.contains(first) else { return nil }
        let brought = ranked.map(\.field).filter { origin(of: $0) == first }
        return (change(ranked.map(\.field), at: first), brought, relevance)
    }

    /// The change with some of its fields, by the revision that brought the first of them.
    func limited(to wanted: [FieldChange]) -> Change? {
        wanted.compactMap(origin).min().map { change(wanted, at: $0) }
    }

    /// The first step since which the field was never again as the base has it: with the value that it has now, or with another with
    /// which the revision is known to have failed.
    private func origin(of field: FieldChange) -> Int? {
        var first: Int?
        for (i, step) in steps.enumerated().reversed() {
            guard let value = step.values[field.path], value == field.to || step.hasFailed else { break }
            first = i
        }
        return first
    }

    private func change(_ fields: [FieldChange], at step: Int) -> Change {
        let set = steps[step].set
        let time = takenAt(step)
        return Change(
            time: time, kind: "rollout", entity: workload.path, revision: set.metadata.annotations[Revision.annotation],
            author: author(near: time), fields: fields, source: "replicasets")
    }

    /// When a ReplicaSet became the wanted one. It is made for a template that is new; for one that was wanted before the old one is
    /// taken again, which its list of earlier revisions tells: then the Deployment was written to last, unless that was for a later one.
    private func takenAt(_ step: Int) -> Timestamp? {
        let metadata = steps[step].set.metadata
        let wasWantedBefore = metadata.annotations["deployment.kubernetes.io/revision-history"].map { !$0.isEmpty } ?? false
        if !wasWantedBefore { return metadata.creationTimestamp }
        return step == steps.count - 1 ? workload.metadata.lastWrite ?? metadata.creationTimestamp : nil
    }

    /// Who wrote the Deployment when the ReplicaSet was made: the manager whose write is nearest before it.
    private func author(near time: Timestamp?) -> String? {
        guard let time else { return nil }
        // The controller makes the ReplicaSet within seconds of the write; times have whole seconds.
        let writers = workload.metadata.fieldManagers.filter { m in
            m.subresource == nil && m.manager != "kube-controller-manager"
                && m.time.map { $0 <= time + .seconds(2) && $0 >= time + .seconds(-120) } ?? false
        }
        return writers.max { ($0.time ?? .distantPast, $0.manager) < ($1.time ?? .distantPast, $1.manager) }?.manager
    }
}
