package import Core

/// A Deployment.
package struct Deployment: KubernetesResource, Equatable {
    package static let type = ResourceType.deployments

    @Shared package var metadata: ObjectMeta
    package var spec = DeploymentSpec()
    package var status = DeploymentStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? DeploymentSpec()
            case "status": status = try r.read() ?? DeploymentStatus()
            default: try r.skip()
            }
        }
    }
}

/// What is wanted. Absent `replicas` means 1.
package struct DeploymentSpec: JSONReadable, Equatable {
    package var replicas = 1
    package var selector = LabelSelector()
    package var template = PodTemplate()
    package var strategy = DeploymentStrategy()
    package var minReadySeconds = 0
    package var revisionHistoryLimit = 10
    package var paused = false
    package var progressDeadlineSeconds = 600

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "replicas": replicas = try r.int() ?? 1
            case "selector": selector = try r.read() ?? LabelSelector()
            case "template": template = try r.read() ?? PodTemplate()
            case "strategy": strategy = try r.read() ?? DeploymentStrategy()
            case "minReadySeconds": minReadySeconds = try r.int() ?? 0
            case "revisionHistoryLimit": revisionHistoryLimit = try r.int() ?? 10
            case "paused": paused = try r.flag() ?? false
            case "progressDeadlineSeconds": progressDeadlineSeconds = try r.int() ?? 600
            default: try r.skip()
            }
        }
    }
}

/// How pods are replaced.
package struct DeploymentStrategy: JSONReadable, Equatable {
    package var type = ""
    package var rollingUpdate: RollingUpdate?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text() ?? ""
            case "rollingUpdate": rollingUpdate = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// How many pods may be missing or too many while they are replaced.
package struct RollingUpdate: JSONReadable, Equatable {
    package var maxSurge: IntOrString?
    package var maxUnavailable: IntOrString?
    package var partition: Int?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "maxSurge": maxSurge = try r.intOrString()
            case "maxUnavailable": maxUnavailable = try r.intOrString()
            case "partition": partition = try r.int()
            default: try r.skip()
            }
        }
    }
}

/// Counts are 0 where the server leaves them out.
package struct DeploymentStatus: JSONReadable, Equatable {
    package var observedGeneration = 0
    package var replicas = 0
    package var updatedReplicas = 0
    package var readyReplicas = 0
    package var availableReplicas = 0
    package var unavailableReplicas = 0
    package var terminatingReplicas = 0
    package var collisionCount = 0
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "observedGeneration": observedGeneration = try r.int() ?? 0
            case "replicas": replicas = try r.int() ?? 0
            case "updatedReplicas": updatedReplicas = try r.int() ?? 0
            case "readyReplicas": readyReplicas = try r.int() ?? 0
            case "availableReplicas": availableReplicas = try r.int() ?? 0
            case "unavailableReplicas": unavailableReplicas = try r.int() ?? 0
            case "terminatingReplicas": terminatingReplicas = try r.int() ?? 0
            case "collisionCount": collisionCount = try r.int() ?? 0
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
