import Kubernetes

extension Scene {
    /// Images that are known to exist, by registry and repository: on nodes, and in templates whose pods run or did.
    func knownImages() -> [String: Set<String>] {
        imagesByRepository.get {
            var known: Set<String> = []
            for node in snapshot.nodes { for image in node.status.images { known.formUnion(image.names) } }
            // A revision that was replaced has run, unless its pods are known to have failed.
            let newest = Set(workloads.compactMap { $0.replicaSets.last })
            for (r, set) in snapshot.replicaSets.enumerated()
            where set.status.readyReplicas > 0 || !newest.contains(r) && !earlierFailures(of: set) {
                known.formUnion(set.spec.template.spec.containers.compactMap(\.image))
            }
            for set in snapshot.statefulSets where set.status.readyReplicas > 0 {
                known.formUnion(set.spec.template.spec.containers.compactMap(\.image))
            }
            for set in snapshot.daemonSets where set.status.numberReady > 0 {
                known.formUnion(set.spec.template.spec.containers.compactMap(\.image))
            }
            return Dictionary(grouping: known, by: { ImageReference($0)?.name ?? "" }).mapValues(Set.init)
        }
    }
}
