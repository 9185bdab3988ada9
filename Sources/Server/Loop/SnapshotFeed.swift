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
    /// How well the cluster is seen.
    func health() async -> FeedHealth
    /// Keeps the view up to date until cancelled.
    func run() async throws
}

/// How well a cluster is seen.
package struct FeedHealth: Sendable, Hashable {
    /// Everything that may be read has been.
    package var isSynced: Bool
    /// What is wrong when it is not, or no longer.
    package var error: String?
    /// Pods that are held.
    package var objects: Int
    /// What may not be read, one phrase each: `pods in team-b`, `nodes`.
    package var unreadable: [String] = []
    /// Pods are among that, so that trouble may be there and not be seen.
    package var isBlind = false

    package init(isSynced: Bool, error: String? = nil, objects: Int = 0, unreadable: [String] = [], isBlind: Bool = false) {
        self.isSynced = isSynced
        self.error = error
        self.objects = objects
        self.unreadable = unreadable
        self.isBlind = isBlind
    }
}
