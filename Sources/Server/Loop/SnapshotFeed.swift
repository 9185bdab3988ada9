package import Core
package import KubernetesDiagnosis

/// Where a loop gets its view of one cluster from.
package protocol SnapshotFeed: Sendable {
    /// The cluster's own time.
    var clock: any WallClock { get }
    /// Everything that diagnosis may know at this moment.
    func snapshot() async throws -> KubernetesSnapshot
    /// Yields whenever something has changed since the last yield; changes in between are coalesced.
    func changes() async -> AsyncStream<Void>
    /// How well the cluster is seen: synchronised, and what is wrong if not; and how many objects are held.
    func health() async -> (isSynced: Bool, error: String?, objects: Int)
    /// Keeps the view up to date until cancelled.
    func run() async throws
}
