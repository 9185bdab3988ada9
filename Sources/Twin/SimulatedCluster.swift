package import Core

/// What makes the objects of the store live: controllers, scheduler, kubelets. ``SimulatedCluster`` calls it after each write and
/// on each step of the clock.
package protocol ClusterSimulation: Sendable {
    /// When it wants to run next; nil when nothing is due ever.
    var nextWake: Timestamp? { get }
    /// Does all that is due at `now`, also what follows from changes of the store, until nothing is left.
    mutating func advance(to now: Timestamp, store: inout ObjectStore)
}

/// A cluster in which nothing happens by itself.
package struct NoSimulation: ClusterSimulation {
    package init() {}
    package var nextWake: Timestamp? { nil }
    package mutating func advance(to now: Timestamp, store: inout ObjectStore) {}
}

/// Store, simulation and virtual time of one cluster, and the only way to change them.
package actor SimulatedCluster {
    /// The cluster's own time.
    package nonisolated let clock: VirtualClock
    var store: ObjectStore
    private var simulation: any ClusterSimulation
    package let options: TwinOptions

    package init(_ options: TwinOptions, simulation: any ClusterSimulation = NoSimulation()) {
        self.options = options
        clock = VirtualClock(options.start)
        store = ObjectStore(seed: options.seed, historyLimit: options.historyLimit)
        self.simulation = simulation
        self.simulation.advance(to: options.start, store: &store)
    }

    /// Runs all that is due until `time`, in order, and leaves the clock there.
    package func advance(to time: Timestamp) {
        while let wake = simulation.nextWake, wake <= time {
            clock.advance(to: wake)
            simulation.advance(to: max(wake, clock.now()), store: &store)
        }
        clock.advance(to: time)
    }

    package func advance(by duration: Duration) { advance(to: clock.now() + duration) }
}
