package import Core

/// How many pods may be disrupted at will.
package struct PodDisruptionBudget: KubernetesResource, Equatable {
    package static let type = ResourceType.podDisruptionBudgets

    @Shared package var metadata: ObjectMeta
    package var spec = PodDisruptionBudgetSpec()
    package var status = PodDisruptionBudgetStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? PodDisruptionBudgetSpec()
            case "status": status = try r.read() ?? PodDisruptionBudgetStatus()
            default: try r.skip()
            }
        }
    }
}

/// What is wanted.
package struct PodDisruptionBudgetSpec: JSONReadable, Equatable {
    package var minAvailable: IntOrString?
    package var maxUnavailable: IntOrString?
    package var selector: LabelSelector?
    package var unhealthyPodEvictionPolicy: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "minAvailable": minAvailable = try r.intOrString()
            case "maxUnavailable": maxUnavailable = try r.intOrString()
            case "selector": selector = try r.read()
            case "unhealthyPodEvictionPolicy": unhealthyPodEvictionPolicy = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// Counts are 0 where the server leaves them out.
package struct PodDisruptionBudgetStatus: JSONReadable, Equatable {
    package var observedGeneration = 0
    package var disruptionsAllowed = 0
    package var currentHealthy = 0
    package var desiredHealthy = 0
    package var expectedPods = 0
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "observedGeneration": observedGeneration = try r.int() ?? 0
            case "disruptionsAllowed": disruptionsAllowed = try r.int() ?? 0
            case "currentHealthy": currentHealthy = try r.int() ?? 0
            case "desiredHealthy": desiredHealthy = try r.int() ?? 0
            case "expectedPods": expectedPods = try r.int() ?? 0
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
