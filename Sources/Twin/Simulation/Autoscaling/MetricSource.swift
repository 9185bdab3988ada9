package import Core

/// Where an autoscaler's metrics come from. Amounts are in thousandths; a failure's message is what the API in question said.
package protocol MetricSource {
    /// Use of `cpu` or `memory` by the target's pods, of one container where `container` is given.
    func resource(_ name: String, container: String?) throws(AutoscalingFailure) -> [String: MetricSample]
    /// A custom metric of the target's pods.
    func pods(_ metric: String, selector: JSON?) throws(AutoscalingFailure) -> [String: MetricSample]
    /// A custom metric of one object.
    func object(_ metric: String, described: JSON, selector: JSON?) throws(AutoscalingFailure) -> Int
    /// The series of a metric from outside the cluster.
    func external(_ metric: String, selector: JSON?) throws(AutoscalingFailure) -> [Int]
}

/// What the autoscaler scales, as its scale subresource and its pods show it.
package struct ScaleTarget: Sendable {
    package var specReplicas: Int
    package var statusReplicas: Int
    package var pods: [PodSample]
    package var namespace: String
    /// What is wrong with the selector of the scale; nil where nothing is.
    package var selectorFault: SelectorFault?

    package enum SelectorFault: Sendable, Equatable {
        case missing
        /// Other autoscalers reach the same pods.
        case ambiguous(selector: String, autoscalers: [String])
    }

    package init(
        specReplicas: Int, statusReplicas: Int, pods: [PodSample], namespace: String, selectorFault: SelectorFault? = nil
    ) {
        self.selectorFault = selectorFault
        self.specReplicas = specReplicas
        self.statusReplicas = statusReplicas
        self.pods = pods
        self.namespace = namespace
    }
}
