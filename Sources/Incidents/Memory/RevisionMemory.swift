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

    private mutating func forget(_ id: String) {
        guard let workload = revisions.removeValue(forKey: id)?.workload else { return }
        ofWorkload[workload]?.removeAll { $0 == id }
        if ofWorkload[workload]?.isEmpty == true { ofWorkload[workload] = nil }
    }

    /// The programs of a cluster that were seen to work, in the order of their revisions' ids.
    package func programs(of cluster: String) -> [SeenProgram] {
        revisions.values.filter { $0.state == .healthy && $0.workload.cluster == cluster }.sorted { $0.id < $1.id }.flatMap(\.programs)
    }
}
