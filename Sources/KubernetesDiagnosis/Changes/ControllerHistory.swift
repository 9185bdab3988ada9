import Core
import Kubernetes

/// The revisions of a StatefulSet or DaemonSet, as its controller keeps them: which one is wanted, and what it changed.
struct ControllerHistory: Sendable {
    /// The number of the wanted revision, and of the one that it is compared with: the newest earlier one that still has ready pods, else
    /// the one before it.
    let current: Int
    let base: Int
    let change: RevisionChange
    /// Indices of the pods of the wanted revision.
    let currentPods: Set<Int>
    /// Ready pods of earlier revisions.
    let oldReady: Int

    /// Nil for workloads of other kinds, and for those of which fewer than two revisions are known.
    init?(_ workload: Workload, _ scene: Scene) {
        guard workload.kind == "StatefulSet" || workload.kind == "DaemonSet" else { return nil }
        let revisions = scene.snapshot.controllerRevisions.filter { revision in
            revision.metadata.namespace == workload.namespace
                && revision.metadata.ownerReferences.contains { $0.controller && $0.uid == workload.metadata.uid }
        }.sorted { ($0.revision, $0.metadata.name) < ($1.revision, $1.metadata.name) }
        guard let wanted = revisions.last, revisions.count > 1 else { return nil }
        func pods(of revision: ControllerRevision) -> [Int] {
            workload.pods.filter { p in
                // A StatefulSet labels its pods with the name of the revision, a DaemonSet with the hash in it.
                let hash = scene.snapshot.pods[p].metadata.labels["controller-revision-hash"] ?? ""
                return !hash.isEmpty && (revision.metadata.name == hash || revision.metadata.name.hasSuffix("-" + hash))
            }
        }
        func ready(_ revision: ControllerRevision) -> Int { pods(of: revision).count { scene.health[$0].isReady } }
        let earlier = revisions.dropLast()
        let base = earlier.last { ready($0) > 0 } ?? earlier[earlier.endIndex - 1]
        let later = revisions.filter { $0.revision > base.revision }
        current = wanted.revision
        self.base = base.revision
        currentPods = Set(pods(of: wanted))
        oldReady = earlier.reduce(0) { $0 + ready($1) }
        change = RevisionChange(
            of: workload, since: base.template,
            later.map { revision in
                let before = revisions.last { $0.revision < revision.revision }?.metadata.creationTimestamp
                // One that is older than the revision before it was wanted before, and has been given the next number.
                let wasWantedBefore = (revision.metadata.creationTimestamp ?? .distantPast) < (before ?? .distantPast)
                return RevisionChange.Successor(
                    number: "\(revision.revision)",
                    time: RevisionChange.time(
                        madeAt: revision.metadata.creationTimestamp, wasWantedBefore: wasWantedBefore,
                        isCurrent: revision.revision == wanted.revision, workload),
                    template: revision.template, hasFailed: false)
            }, source: "controllerrevisions")
    }
}
