import Core
import Kubernetes

/// The revisions of a Deployment: which one is wanted, which served before it, and what lies between them.
struct RevisionHistory: Sendable {
    /// Index of the ReplicaSet of the wanted revision.
    let current: Int
    /// Index of the newest earlier ReplicaSet that is known to have been healthy, or may have been.
    let good: Int?
    /// Ready pods of revisions other than the current one, now.
    let oldReady: Int
    /// Pods of the current revision that are ready.
    let newReady: Int

    init?(_ workload: Workload, _ scene: Scene) {
        guard let d = workload.deployment, let newest = workload.replicaSets.last else { return nil }
        let deployment = scene.snapshot.deployments[d]
        // Before the controller has seen a change, the newest ReplicaSet is not yet the wanted one.
        let wanted = deployment.metadata.annotations[Revision.annotation].flatMap { Int($0) }
        let match = wanted.flatMap { n in workload.replicaSets.last { Revision.number(of: scene.snapshot.replicaSets[$0]) == n } }
        current = match ?? newest
        let current = current
        let earlier = workload.replicaSets.filter { $0 != current }
        let sets = scene.snapshot.replicaSets
        oldReady = earlier.reduce(0) { $0 + RevisionHistory.readyPods(of: sets[$1], workload, scene) }
        newReady = RevisionHistory.readyPods(of: sets[current], workload, scene)
        // One that serves now was healthy. Otherwise the newest before the current: it was replaced by a person, and it is not
        // known to have failed. (Kubernetes keeps no record of the health of a revision that is gone.)
        good = earlier.last { sets[$0].status.readyReplicas > 0 } ?? earlier.last
    }

    /// Counted on the pods, which are newer than the ReplicaSet's status, where they were read.
    private static func readyPods(of rs: ReplicaSet, _ workload: Workload, _ scene: Scene) -> Int {
        guard scene.snapshot.listed.contains("pods") || !scene.snapshot.pods.isEmpty else { return rs.status.readyReplicas }
        return workload.pods.count { p in
            scene.health[p].isReady && scene.snapshot.pods[p].metadata.ownerReferences.contains { $0.uid == rs.metadata.uid }
        }
    }

    /// The change from the good revision to the current one; nil where there is no earlier one.
    func change(_ workload: Workload, _ scene: Scene) -> Change? {
        guard let good else { return nil }
        let sets = scene.snapshot.replicaSets
        let new = sets[current], old = sets[good]
        func template(_ rs: ReplicaSet) -> JSON? {
            guard let bytes = scene.snapshot.replicaSetJSON[rs.metadata.uid] else { return nil }
            return (try? JSON(parsing: bytes))?[at: "spec", "template"]
        }
        var fields: [FieldChange] = []
        if let a = template(old), let b = template(new) { fields = TemplateDiff.fields(a, b) }
        return Change(
            time: new.metadata.creationTimestamp, kind: "rollout", entity: workload.path,
            revision: new.metadata.annotations[Revision.annotation], author: author(workload, near: new.metadata.creationTimestamp),
            fields: fields, source: "replicasets")
    }

    /// Who wrote the Deployment when the new ReplicaSet was made: the manager whose write is nearest before it.
    private func author(_ workload: Workload, near time: Timestamp?) -> String? {
        guard let time else { return nil }
        // The controller makes the ReplicaSet within seconds of the write; times have whole seconds.
        let writers = workload.metadata.fieldManagers.filter { m in
            m.subresource == nil && m.manager != "kube-controller-manager"
                && m.time.map { $0 <= time + .seconds(2) && $0 >= time + .seconds(-120) } ?? false
        }
        return writers.max { ($0.time ?? .distantPast, $0.manager) < ($1.time ?? .distantPast, $1.manager) }?.manager
    }

    func revision(_ index: Int, _ scene: Scene) -> Int { Revision.number(of: scene.snapshot.replicaSets[index]) }
}
