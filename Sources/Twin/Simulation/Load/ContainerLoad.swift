import Core

/// What requests do to one running container, and what it has answered: the state of the fluid model between two steps.
struct ContainerLoad: Sendable, Equatable {
    /// Requests that wait for their turn.
    var waiting = 0.0
    /// Requests in work or waiting, at the last step.
    var inFlight = 0.0
    var responseTime = ResponseTime(median: 0.0005)
    /// The share of requests that fail in the eyes of who sent them.
    var failureShare = 0.0
    /// Requests per second that arrived in the last step.
    var arrivals = 0.0
    /// Cores in use at the last step, and what they would be without a limit.
    var cpu = 0.0
    var wantedCPU = 0.0
    var answered = AnsweredRequests()
    var cpuSeconds = 0.0
    /// Periods of the CPU quota (100 ms), and those in which it was used up.
    var periods = 0.0
    var throttledPeriods = 0.0
    var throttledSeconds = 0.0
    /// When each kind of failure was last written to the log.
    var loggedAt: [String: Timestamp] = [:]
}

/// What a fault does to the requests of a pod or of all pods on a node, beyond its behaviour.
package struct Disturbance: Sendable, Equatable {
    /// Added to each answer.
    package var latency: Duration = .zero
    /// The share of requests that fail inside, 0…1.
    package var errorShare = 0.0
    /// Cores that something else takes from the pod, or from the node.
    package var stolenCPU = 0.0

    package init(latency: Duration = .zero, errorShare: Double = 0, stolenCPU: Double = 0) {
        self.latency = latency
        self.errorShare = errorShare
        self.stolenCPU = stolenCPU
    }

    func joined(_ other: Disturbance) -> Disturbance {
        Disturbance(
            latency: latency + other.latency, errorShare: 1 - (1 - errorShare) * (1 - other.errorShare),
            stolenCPU: stolenCPU + other.stolenCPU)
    }
}
