package import Core
package import Journal

/// What is known of the revisions of workloads, as the journal's entries say: which worked, which failed, and which programs ran in
/// them. A fold and nothing else, bounded in size.
package struct RevisionMemory: Sendable {
    /// As many as a Deployment keeps unless it says otherwise.
    static let mostOfWorkload = 10
    /// Of all workloads together, some kilobytes each.
    static let most = 10_000

    /// By their ids.
    package private(set) var revisions: [String: SeenRevision] = [:]
    private var ofWorkload: [EntityPath: [String]] = [:]

    package init() {}

    /// Takes in the next entry; entries of other types, and ones without payload, change nothing.
    package mutating func apply(_ recorded: RecordedEntry) {
        guard recorded.type == .revisionSeen, let revision = recorded.payload?["revision"].flatMap(SeenRevision.init(json:)) else { return }
        if let other = recorded.payload?["instead"]?.string, other != revision.id { forget(other) }
        if revisions.updateValue(revision, forKey: revision.id) == nil { ofWorkload[revision.workload, default: []].append(revision.id) }
        if let oldest = ofWorkload[revision.workload]?.first, (ofWorkload[revision.workload]?.count ?? 0) > RevisionMemory.mostOfWorkload {
            forget(oldest)
        }
        if revisions.count > RevisionMemory.most,
            let oldest = revisions.values.min(by: { ($0.since, $0.id) < ($1.since, $1.id) })
        {
            forget(oldest.id)
        }
    }

    /// What of the sightings in a cluster can be kept, each with the id of the revision that makes room for it, where one must: of a
    /// Deployment that is gone, or one that another has followed. Without such a one a full memory takes in nothing that it does not
    /// know: it would drive out another, which the next look would tell again, and so on at each look.
    ///
    /// - Parameter living: the Deployments that the cluster has.
    package func admitted(
        _ sightings: [SeenRevision], in cluster: String, living: @autoclosure () -> Set<EntityPath>
    ) -> [(revision: SeenRevision, instead: String?)] {
        var free = RevisionMemory.most - revisions.count
        guard free < sightings.count else { return sightings.map { ($0, nil) } }
        let living = living()
        var spare = revisions.values.filter { old in
            ofWorkload[old.workload]?.last != old.id || old.workload.cluster == cluster && !living.contains(old.workload)
        }.sorted { ($1.since, $1.id) < ($0.since, $0.id) }
        return sightings.compactMap { sighting in
            if revisions[sighting.id] != nil { return (sighting, nil) }
            free -= 1
            if free >= 0 { return (sighting, nil) }
            return spare.popLast().map { (sighting, $0.id) }
        }
    }

    private mutating func forget(_ id: String) {
        guard let workload = revisions.removeValue(forKey: id)?.workload else { return }
        ofWorkload[workload]?.removeAll { $0 == id }
        if ofWorkload[workload]?.isEmpty == true { ofWorkload[workload] = nil }
    }

    /// Uids of the ReplicaSets of a cluster whose revisions failed when they were last seen.
    package func failing(of cluster: String) -> Set<String> {
        Set(revisions.values.filter { $0.state == .failing && $0.workload.cluster == cluster }.map(\.id))
    }

    /// The programs of a cluster that were seen to work, in the order of their revisions' ids.
    package func programs(of cluster: String) -> [SeenProgram] {
        revisions.values.filter { $0.state == .healthy && $0.workload.cluster == cluster }.sorted { $0.id < $1.id }.flatMap(\.programs)
    }
}
