import Core
import Kubernetes

/// What of an earlier look still holds, since what it was taken of is the same: nil for what has to be looked at again.
///
/// Lists that nobody has changed share their storage, as those of a cache do. What depends on the time is never kept.
struct EarlierScene {
    let scene: Scene
    private let snapshot: KubernetesSnapshot

    init(_ scene: Scene, for snapshot: KubernetesSnapshot) {
        self.scene = scene
        self.snapshot = snapshot
    }

    private func isSame<T>(_ list: KeyPath<KubernetesSnapshot, [T]>) -> Bool {
        snapshot[keyPath: list].sharesStorage(with: scene.snapshot[keyPath: list])
    }

    var serviceByName: [String: Int]? { isSame(\.services) ? scene.serviceByName : nil }
    var configMapByName: [String: Int]? { isSame(\.configMaps) ? scene.configMapByName : nil }
    var nodeByName: [String: Int]? { isSame(\.nodes) ? scene.nodeByName : nil }
    var podByUID: Lazily<[String: Int]>? { isSame(\.pods) ? scene.podByUID : nil }
    var imagesByRepository: Lazily<[String: Set<String>]>? {
        isSame(\.nodes) && isSame(\.replicaSets) && isSame(\.statefulSets) && isSame(\.daemonSets) ? scene.imagesByRepository : nil
    }
    var eventIndex: EventIndex? { isSame(\.events) ? scene.eventIndex : nil }
    var readyEndpoints: [String: Int]? {
        isSame(\.endpointSlices) && isSame(\.endpoints) && snapshot.listed == scene.snapshot.listed
            && snapshot.forbidden == scene.snapshot.forbidden ? scene.readyEndpoints : nil
    }

    /// Indices of the pods that have changed, where nothing else has that decides which workloads there are and which pods are whose.
    var changedPods: [Int]? {
        guard isSame(\.deployments), isSame(\.replicaSets), isSame(\.statefulSets), isSame(\.daemonSets), isSame(\.jobs),
            isSame(\.cronJobs),
            let changed = snapshot.pods.indicesOfOtherBits(than: scene.snapshot.pods)
        else { return nil }
        let areTheirs = changed.allSatisfy { p in
            let (now, before) = (snapshot.pods[p].metadata, scene.snapshot.pods[p].metadata)
            return now.uid == before.uid && now.name == before.name && now.namespace == before.namespace && now.labels == before.labels
                && now.ownerReferences == before.ownerReferences
        }
        return areTheirs ? changed : nil
    }

    /// Which workloads each Service selects, where neither Services nor workloads have changed.
    func selections(_ changedPods: [Int]?) -> Lazily<[[Int]]>? { changedPods != nil && isSame(\.services) ? scene.selections : nil }
}
