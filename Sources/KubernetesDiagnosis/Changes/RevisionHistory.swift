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
    /// Indices of the other ReplicaSets, ascending by revision.
    let earlier: [Int]
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
        self.earlier = earlier
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

    /// The current revision was never seen to work, and the one to go back to was: only then may it fail for its labels and annotations,
    /// which nothing in the template itself reads.
    func onlyTheOldOneWorked(_ workload: Workload, _ scene: Scene) -> Bool {
        guard proof != nil, newReady == 0, let d = workload.deployment,
            scene.snapshot.seenRevisions[scene.snapshot.replicaSets[current].metadata.uid]?.state != .healthy
        else { return false }
        // Said once all pods of the current revision were available, and kept when they fail later.
        let deployment = scene.snapshot.deployments[d]
        return !deployment.status.conditions.contains { $0.type == "Progressing" && $0.reason == "NewReplicaSetAvailable" }
    }

    /// Indices of the ReplicaSets after one up to the current one, ascending.
    func steps(after base: Int, _ scene: Scene) -> [Int] {
        let numbers = (revision(base, scene), revision(current, scene))
        return earlier.filter { numbers.0 < revision($0, scene) && revision($0, scene) < numbers.1 } + [current]
    }

    func revision(_ index: Int, _ scene: Scene) -> Int { Revision.number(of: scene.snapshot.replicaSets[index]) }
}
