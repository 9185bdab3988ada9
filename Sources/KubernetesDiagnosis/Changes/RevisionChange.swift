import Core
import Diagnosis
import Kubernetes

/// What lies between an earlier revision, the base, and the current one.
struct RevisionChange: Sendable {
    /// `kubectl rollout restart` writes the time here: the pods are made anew, and nothing that they are run with changes.
    private static let restart = "spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt]"

    /// A revision after the base, as its controller keeps it.
    struct Successor: Sendable {
        let number: String?
        /// When it became the wanted one; nil where nothing tells.
        let time: Timestamp?
        let template: JSON?
        let hasFailed: Bool
    }

    private struct Step: Sendable {
        let revision: Successor
        /// Values of the fields in which it differs from the base, by path.
        let values: [String: JSON?]
    }

    let workload: Workload
    /// Differences of the current revision from the base, in the order of their paths. A restart is none.
    let fields: [FieldChange]
    /// The current revision is the base, restarted.
    let isRestart: Bool
    /// Ascending; the last is the current one.
    private let steps: [Step]
    /// The plural name of what the revisions were read from.
    private let source: String

    /// - Parameter revisions: those after the base, ascending; the last is the wanted one.
    init(of workload: Workload, since base: JSON?, _ revisions: [Successor], source: String) {
        let differences = revisions.map { revision -> [FieldChange] in
            guard let base, let template = revision.template else { return [] }
            return TemplateDiff.fields(base, template)
        }
        let all = differences.last ?? []
        fields = all.filter { $0.path != RevisionChange.restart }
        isRestart = fields.isEmpty && !all.isEmpty
        steps = zip(revisions, differences).map { revision, differences in
            Step(revision: revision, values: Dictionary(differences.map { ($0.path, $0.to) }, uniquingKeysWith: { $1 }))
        }
        self.workload = workload
        self.source = source
    }

    /// Between ReplicaSets of a Deployment.
    init(since base: Int, _ history: RevisionHistory, _ workload: Workload, _ scene: Scene) {
        func template(_ index: Int) -> JSON? {
            guard let bytes = scene.snapshot.replicaSetJSON[scene.snapshot.replicaSets[index].metadata.uid] else { return nil }
            return (try? JSON(parsing: bytes))?[at: "spec", "template"]
        }
        let revisions = history.steps(after: base, scene).map { index in
            let metadata = scene.snapshot.replicaSets[index].metadata
            let former = metadata.annotations["deployment.kubernetes.io/revision-history"] ?? ""
            return Successor(
                number: metadata.annotations[Revision.annotation],
                time: RevisionChange.time(
                    madeAt: metadata.creationTimestamp, wasWantedBefore: !former.isEmpty, isCurrent: index == history.current, workload),
                template: template(index), hasFailed: RevisionHistory.hasFailed(scene.snapshot.replicaSets[index], scene))
        }
        self.init(of: workload, since: template(base), revisions, source: "replicasets")
    }

    /// When a revision became the wanted one. It is made for a template that is new; for one that was wanted before the old one is taken
    /// again: then the workload was written to last, unless that was for a later one.
    static func time(madeAt: Timestamp?, wasWantedBefore: Bool, isCurrent: Bool, _ workload: Workload) -> Timestamp? {
        if !wasWantedBefore { return madeAt }
        return isCurrent ? workload.metadata.lastWrite ?? madeAt : nil
    }

    /// When the current revision became the wanted one.
    var time: Timestamp? { steps.last?.revision.time }

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
            guard let value = step.values[field.path], value == field.to || step.revision.hasFailed else { break }
            first = i
        }
        return first
    }

    private func change(_ fields: [FieldChange], at step: Int) -> Change {
        let revision = steps[step].revision
        return Change(
            time: revision.time, kind: "rollout", entity: workload.path, revision: revision.number, author: author(near: revision.time),
            fields: fields, source: source)
    }

    /// Who wrote the workload when the revision was made: the manager whose write is nearest before it.
    private func author(near time: Timestamp?) -> String? {
        guard let time else { return nil }
        // The controller makes the revision within seconds of the write; times have whole seconds.
        let writers = workload.metadata.fieldManagers.filter { m in
            m.subresource == nil && m.manager != "kube-controller-manager"
                && m.time.map { $0 <= time + .seconds(2) && $0 >= time + .seconds(-120) } ?? false
        }
        return writers.max { ($0.time ?? .distantPast, $0.manager) < ($1.time ?? .distantPast, $1.manager) }?.manager
    }
}
