package import Core

/// A ReplicaSet: for a Deployment, one revision.
package struct ReplicaSet: KubernetesResource, Equatable {
    package static let type = ResourceType.replicaSets

    @Shared package var metadata: ObjectMeta
    package var spec = ReplicaSetSpec()
    package var status = ReplicaSetStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? ReplicaSetSpec()
            case "status": status = try r.read() ?? ReplicaSetStatus()
            default: try r.skip()
            }
        }
    }
}

/// What is wanted.
package struct ReplicaSetSpec: JSONReadable, Equatable {
    package var replicas = 1
    package var minReadySeconds = 0
    package var selector = LabelSelector()
    package var template = PodTemplate()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "replicas": replicas = try r.int() ?? 1
            case "minReadySeconds": minReadySeconds = try r.int() ?? 0
            case "selector": selector = try r.read() ?? LabelSelector()
            case "template": template = try r.read() ?? PodTemplate()
            default: try r.skip()
            }
        }
    }
}

/// Counts are 0 where the server leaves them out.
package struct ReplicaSetStatus: JSONReadable, Equatable {
    package var observedGeneration = 0
    package var replicas = 0
    package var fullyLabeledReplicas = 0
    package var readyReplicas = 0
    package var availableReplicas = 0
    package var terminatingReplicas = 0
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "observedGeneration": observedGeneration = try r.int() ?? 0
            case "replicas": replicas = try r.int() ?? 0
            case "fullyLabeledReplicas": fullyLabeledReplicas = try r.int() ?? 0
            case "readyReplicas": readyReplicas = try r.int() ?? 0
            case "availableReplicas": availableReplicas = try r.int() ?? 0
            case "terminatingReplicas": terminatingReplicas = try r.int() ?? 0
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
