import Core
import Kubernetes

/// The revisions of a Deployment: which one is wanted, which worked before it, and what lies between them.
struct RevisionHistory: Sendable {
    /// Index of the ReplicaSet of the wanted revision.
    let current: Int
    /// Index of the earlier ReplicaSet to go back to: the newest that is proven to have worked; where none is, one of which at least
    /// nothing bad is known. Never one that is known to have failed.
    let good: Int?
    /// What shows that ``good`` worked; nil where nothing does.
    let proof: String?
    /// Index of the ReplicaSet that the current one is compared with: ``good``, or else the one before it.
    let base: Int?
    /// Index of the newest earlier ReplicaSet that still has ready pods.
    let serving: Int?
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
        serving = earlier.last { sets[$0].status.readyReplicas > 0 }
        let candidates = earlier.filter { !RevisionHistory.hasFailed(sets[$0], scene) }
        let proven = candidates.last { RevisionHistory.proof(of: sets[$0], scene) != nil }
        good = proven ?? RevisionHistory.likeliest(candidates, of: earlier + [current], sets)
        proof = proven.flatMap { RevisionHistory.proof(of: sets[$0], scene) }
        base = good ?? earlier.last
    }

    /// Kubernetes keeps no record of the health of a revision that was replaced: what was seen of it is remembered, and ready pods that
    /// it still has speak for it.
    private static func proof(of set: ReplicaSet, _ scene: Scene) -> String? {
        if let seen = scene.snapshot.seenRevisions[set.metadata.uid], seen.state == .healthy {
            return "it was seen with all its pods ready, first \(seen.since.rfc3339())"
        }
        return set.status.readyReplicas > 0 ? "it still has ready pods" : nil
    }

    static func hasFailed(_ set: ReplicaSet, _ scene: Scene) -> Bool {
        switch scene.snapshot.seenRevisions[set.metadata.uid]?.state {
        case .failing?: true
        case .healthy?: false
        case nil: set.status.readyReplicas == 0 && scene.earlierFailures(of: set)
        }
    }

    /// What fails is seldom left in place for an hour: the newest that was, else the one that was for longest.
    private static func likeliest(_ candidates: [Int], of all: [Int], _ sets: [ReplicaSet]) -> Int? {
        func wanted(_ index: Int) -> Double {
            guard let place = all.firstIndex(of: index), let next = all.dropFirst(place + 1).first,
                let start = sets[index].metadata.creationTimestamp, let end = sets[next].metadata.creationTimestamp
            else { return 0 }
            return (end - start).secondCount
        }
        return candidates.last { wanted($0) >= 3600 } ?? candidates.max { wanted($0) < wanted($1) }
    }

    /// Counted on the pods, which are newer than the ReplicaSet's status, where they were read.
    private static func readyPods(of rs: ReplicaSet, _ workload: Workload, _ scene: Scene) -> Int {
        guard scene.snapshot.listed.contains("pods") || !scene.snapshot.pods.isEmpty else { return rs.status.readyReplicas }
        return workload.pods.count { p in
            scene.health[p].isReady && scene.snapshot.pods[p].metadata.ownerReferences.contains { $0.uid == rs.metadata.uid }
        }
    }

    /// The change from the revision that it is compared with to the current one; nil where there is no earlier one.
    func change(_ workload: Workload, _ scene: Scene) -> Change? {
        guard let base else { return nil }
        let sets = scene.snapshot.replicaSets
        let new = sets[current], old = sets[base]
        func template(_ rs: ReplicaSet) -> JSON? {
            guard let bytes = scene.snapshot.replicaSetJSON[rs.metadata.uid] else { return nil }
            return (try? JSON(parsing: bytes))?[at: "spec", "template"]
        }
        var fields: [FieldChange] = []
        if let a = template(old), let b = template(new) { fields = TemplateDiff.fields(a, b) }
        let time = RevisionHistory.takenAt(new, workload)
        return Change(
            time: time, kind: "rollout", entity: workload.path,
            revision: new.metadata.annotations[Revision.annotation], author: author(workload, near: time),
            fields: fields, source: "replicasets")
    }

    /// When a ReplicaSet became the wanted one. It is made for a template that is new; for one that was wanted before the old one is
    /// taken again, which its list of earlier revisions tells: then the Deployment was written to last.
    private static func takenAt(_ set: ReplicaSet, _ workload: Workload) -> Timestamp? {
        let wasWantedBefore = set.metadata.annotations["deployment.kubernetes.io/revision-history"].map { !$0.isEmpty } ?? false
        return wasWantedBefore ? workload.metadata.lastWrite ?? set.metadata.creationTimestamp : set.metadata.creationTimestamp
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
