package import Core

/// What makes the objects of the store live: controllers, scheduler, kubelets. ``SimulatedCluster`` calls it after each write and
/// on each step of the clock.
package protocol ClusterSimulation: Sendable {
    /// When it wants to run next; nil when nothing is due ever.
    var nextWake: Timestamp? { get }
    /// Does all that is due at `now`, also what follows from changes of the store, until nothing is left.
    mutating func advance(to now: Timestamp, store: inout ObjectStore)
    /// What a container has written.
    func containerLog(namespace: String, pod: String, container: String, previous: Bool, store: ObjectStore) -> ContainerLogAnswer
    /// The metrics page of a pod, or one of all pods; nil when there is nothing on it.
    func metricsPage(of pod: (namespace: String, name: String)?, store: ObjectStore) -> String?
    /// Items of metrics.k8s.io/v1beta1, ordered; of one object where `name` is given.
    func podMetricsItems(namespace: String?, name: String?) -> [JSON]
    func nodeMetricsItems(name: String?) -> [JSON]
    /// Whether controllers and kubelets write the objects, so that what they own is theirs.
    var isLive: Bool { get }
}

extension ClusterSimulation {
    package var isLive: Bool { false }
}

/// Lines of a log with the times at which they were written, or a refusal.
package enum ContainerLogAnswer: Sendable {
    case lines([(time: Timestamp, text: String)])
    case refused(code: Int, message: String)
}

/// A cluster in which nothing happens by itself.
package struct NoSimulation: ClusterSimulation {
    package init() {}
    package var nextWake: Timestamp? { nil }
    package mutating func advance(to now: Timestamp, store: inout ObjectStore) {}
    package func containerLog(namespace: String, pod: String, container: String, previous: Bool, store: ObjectStore) -> ContainerLogAnswer {
        .lines([])
    }
    package func metricsPage(of pod: (namespace: String, name: String)?, store: ObjectStore) -> String? { nil }
    package func podMetricsItems(namespace: String?, name: String?) -> [JSON] { [] }
    package func nodeMetricsItems(name: String?) -> [JSON] { [] }
}
