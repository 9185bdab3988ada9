package import Core
package import Diagnosis
import Kubernetes

/// What is wrong in a cluster, why, and how sure that is.
///
/// A pure function: the same snapshot and previous findings give the same report, whatever the order of the lists in it.
/// `previous` are the findings of the last report's causes: what lasts keeps the time at which it was first seen.
package func diagnose(_ snapshot: KubernetesSnapshot, previous: [Finding] = []) -> DiagnosisReport {
    diagnose(snapshot, previous: previous, rules: Rules.all)
}

/// As ``diagnose(_:previous:)`` with a choice of rules.
func diagnose(_ snapshot: KubernetesSnapshot, previous: [Finding] = [], rules: [any Rule]) -> DiagnosisReport {
    let scene = Scene(snapshot.inOrder())
    let examination = Examination(scene: scene, troubles: scene.troubles())
    var draft = Draft()
    for rule in rules { rule.examine(examination, &draft) }
    let causes = CaseFile(
        time: snapshot.time, cluster: snapshot.cluster, symptoms: draft.symptoms, hypotheses: draft.hypotheses, graph: draft.graph,
        previous: previous
    ).concluded()
    var undetermined = snapshot.notes
    for kind in snapshot.forbidden.sorted() { undetermined.append("not allowed to list \(kind)") }
    for kind in ["pods", "events", "deployments", "replicasets", "nodes"]
    where !snapshot.listed.contains(kind) && !snapshot.forbidden.contains(kind) {
        undetermined.append("\(kind) were not read")
    }
    let hygiene = draft.hygiene.sorted { ($0.rule, $0.entity, $0.text) < ($1.rule, $1.entity, $1.text) }
    let report = DiagnosisReport(
        time: snapshot.time, cluster: snapshot.cluster, undetermined: undetermined, causes: causes, hygiene: hygiene,
        workloads: scene.workloads.count)
    return IgnoreAnnotations(snapshot).apply(to: report, rules: rules)
}

extension KubernetesSnapshot {
    /// Lists in the order of namespace and name. Answers must not depend on the order in which a server or a folder gave them.
    func inOrder() -> KubernetesSnapshot {
        var ordered = self
        func sort<T: KubernetesResource>(_ list: WritableKeyPath<KubernetesSnapshot, [T]>) {
            let items = self[keyPath: list]
            let isSorted = items.indices.dropFirst().allSatisfy { !precedes(items[$0].metadata, items[$0 - 1].metadata) }
            // Places are sorted, not objects: moving an object costs more than comparing its name.
            if !isSorted {
                ordered[keyPath: list] = items.indices.sorted { precedes(items[$0].metadata, items[$1].metadata) }.map { items[$0] }
            }
        }
        func precedes(_ a: ObjectMeta, _ b: ObjectMeta) -> Bool {
            if a.namespace != b.namespace { return a.namespace < b.namespace }
            if a.name != b.name { return a.name < b.name }
            return a.uid < b.uid
        }
        sort(\.pods); sort(\.deployments); sort(\.replicaSets); sort(\.statefulSets); sort(\.daemonSets); sort(\.controllerRevisions)
        sort(\.jobs); sort(\.cronJobs); sort(\.nodes); sort(\.namespaceObjects); sort(\.events); sort(\.services); sort(\.endpointSlices)
        sort(\.ingresses); sort(\.ingressClasses); sort(\.networkPolicies); sort(\.configMaps); sort(\.secrets); sort(\.serviceAccounts)
        sort(\.claims); sort(\.volumes); sort(\.storageClasses); sort(\.quotas); sort(\.limitRanges); sort(\.disruptionBudgets)
        sort(\.autoscalers); sort(\.apiServices); sort(\.leases); sort(\.priorityClasses); sort(\.validatingWebhooks);
        sort(\.mutatingWebhooks)
        sort(\.podMetrics)
        ordered.roles.sort { precedes($0.metadata, $1.metadata) }
        ordered.roleBindings.sort { precedes($0.metadata, $1.metadata) }
        ordered.notes.sort()
        return ordered
    }
}
