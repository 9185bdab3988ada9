package import Core
package import Diagnosis
import Kubernetes

/// What is wrong in a cluster, why, and how sure that is.
///
/// A pure function: the same snapshot and previous findings give the same report, whatever the order of the lists in it.
/// `previous` are the findings of the last report's causes: what lasts keeps the time at which it was first seen.
/// Without `hygiene`, the rules are left out that tell of what nobody should be paged for: a loop that looks again and again has no use for them.
package func diagnose(_ snapshot: KubernetesSnapshot, previous: [Finding] = [], hygiene: Bool = true) -> DiagnosisReport {
    diagnose(Scene(snapshot.inOrder()), previous: previous, rules: hygiene ? Rules.all : Rules.incidents)
}

/// As ``diagnose(_:previous:)`` without what the rules know of one category: what a diagnosis says of a fault that it has never heard of.
package func diagnose(_ snapshot: KubernetesSnapshot, leavingOut category: String) -> DiagnosisReport {
    diagnose(Scene(snapshot.inOrder()), rules: Rules.all.filter { $0.categories != [category] }, leavingOut: category)
}

/// As ``diagnose(_:previous:)`` with a choice of rules.
func diagnose(
    _ scene: Scene, previous: [Finding] = [], rules: [any Rule], leavingOut category: String? = nil
) -> DiagnosisReport {
    let examination = Examination(of: scene)
    let snapshot = scene.snapshot
    var draft = Draft()
    for rule in rules {
        rule.examine(examination, &draft)
        if let category { draft.hypotheses.removeAll { $0.category == category } }
    }
    let refused = RefusedLogs(scene)
    let causes = refused.noted(
        in: CaseFile(
            time: snapshot.time, cluster: snapshot.cluster, symptoms: draft.symptoms, hypotheses: draft.hypotheses, graph: draft.graph,
            previous: previous
        ).concluded()
    ).map { cause in
        var cause = cause
        cause.patience = Patience.of(cause)
        return cause
    }
    var undetermined = snapshot.notes + refused.texts
    for kind in snapshot.unreadable { undetermined.append("not allowed to list \(kind)") }
    for kind in ["pods", "events", "deployments", "replicasets", "nodes"]
    where !snapshot.listed.contains(kind) && !snapshot.forbidden.contains(kind) {
        undetermined.append("\(kind) were not read")
    }
    let hygiene = draft.hygiene.sorted { ($0.rule, $0.entity, $0.text) < ($1.rule, $1.entity, $1.text) }
    let report = DiagnosisReport(
        time: snapshot.time, cluster: snapshot.cluster, undetermined: undetermined, causes: causes, hygiene: hygiene,
        workloads: scene.workloads.count)
    return IgnoreAnnotations(scene).apply(to: report, rules: Rules.all)
}

extension KubernetesSnapshot {
    /// Lists in the order of namespace and name. Answers must not depend on the order in which a server or a folder gave them.
    ///
    /// `earlier` is a snapshot in order: lists that are the same as there need no second look.
    func inOrder(after earlier: KubernetesSnapshot? = nil) -> KubernetesSnapshot {
        var ordered = self
        func sort<T: KubernetesResource>(_ list: WritableKeyPath<KubernetesSnapshot, [T]>) {
            let items = self[keyPath: list]
            let changed = earlier.flatMap { items.indicesOfOtherBits(than: $0[keyPath: list]) }
            // A cache gives its objects in order. Otherwise names are taken out once and places are sorted: to ask or to move an object
            // costs far more than to compare two names.
            guard !(changed.map { items.isInOrder(at: $0) } ?? items.isInOrder) else { return }
            let places = items.enumerated().map { (index: $0, place: $1.place) }
            ordered[keyPath: list] = places.sorted { ($0.place, $0.index) < ($1.place, $1.index) }.map { items[$0.index] }
        }
        sort(\.pods); sort(\.deployments); sort(\.replicaSets); sort(\.statefulSets); sort(\.daemonSets); sort(\.controllerRevisions)
        sort(\.jobs); sort(\.cronJobs); sort(\.nodes); sort(\.namespaceObjects); sort(\.events); sort(\.services); sort(\.endpointSlices)
        sort(\.ingresses); sort(\.ingressClasses); sort(\.networkPolicies); sort(\.configMaps); sort(\.secrets); sort(\.serviceAccounts)
        sort(\.claims); sort(\.volumes); sort(\.storageClasses); sort(\.quotas); sort(\.limitRanges); sort(\.disruptionBudgets)
        sort(\.autoscalers); sort(\.apiServices); sort(\.leases); sort(\.validatingWebhooks); sort(\.mutatingWebhooks)
        sort(\.endpoints); sort(\.priorityClasses); sort(\.podMetrics); sort(\.nodeMetrics)
        ordered.roles.sort { $0.metadata.place < $1.metadata.place }
        ordered.roleBindings.sort { $0.metadata.place < $1.metadata.place }
        ordered.untyped.sort { ($0.group, $0.kind, $0.metadata.place) < ($1.group, $1.kind, $1.metadata.place) }
        ordered.sortRecords()
        ordered.notes.sort()
        return ordered
    }
}

extension KubernetesSnapshot {
    /// What is no object; time series are in order from the start.
    private mutating func sortRecords() {
        units.sort { ($0.node, $0.unit) < ($1.node, $1.unit) }
        calls.sort { ($0.from, $0.to, $0.port ?? 0) < ($1.from, $1.to, $1.port ?? 0) }
        func text(_ labels: [String: String]) -> String { labels.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",") }
        alerts.sort { ($0.name, $0.startsAt ?? .distantPast, text($0.labels)) < ($1.name, $1.startsAt ?? .distantPast, text($1.labels)) }
        changes.sort {
            ($0.time ?? .distantPast, $0.entity, $0.kind, $0.revision ?? "", $0.source)
                < ($1.time ?? .distantPast, $1.entity, $1.kind, $1.revision ?? "", $1.source)
        }
        entities.sort { $0.path < $1.path }
        relations.sort { ($0.from, $0.to, $0.kind) < ($1.from, $1.to, $1.kind) }
    }
}

extension Array where Element: KubernetesResource {
    /// Whether what stands at these indices stands between its neighbours, so that all is in order when the rest is.
    fileprivate func isInOrder(at changed: [Int]) -> Bool {
        changed.allSatisfy { i in
            (i == startIndex || self[i - 1].place <= self[i].place) && (i + 1 == endIndex || self[i].place <= self[i + 1].place)
        }
    }

    fileprivate var isInOrder: Bool {
        guard var last = first?.place else { return true }
        for item in dropFirst() {
            let next = item.place
            if next < last { return false }
            last = next
        }
        return true
    }
}
