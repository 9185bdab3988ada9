package import Core

/// The incident for which plans are wanted: what the engine needs to know of it.
package struct IncidentReference: Sendable, Hashable {
    /// ULID.
    package let id: String
    /// The short number for people.
    package let number: Int
    package let cluster: String
    /// The uid of namespace `kube-system`.
    package let clusterUID: String
    package let environment: String
    package let cause: Cause
    /// Whether it was handed to a person: plans are made for it, and no policy approves them.
    package let isEscalated: Bool

    package init(
        id: String, number: Int, cluster: String, clusterUID: String, environment: String, cause: Cause, isEscalated: Bool = false
    ) {
        self.id = id
        self.number = number
        self.cluster = cluster
        self.clusterUID = clusterUID
        self.environment = environment
        self.cause = cause
        self.isEscalated = isEscalated
    }
}
