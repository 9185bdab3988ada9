package import Core

/// A StatefulSet.
package struct StatefulSet: KubernetesResource, Equatable {
    package static let type = ResourceType.statefulSets

    @Shared package var metadata: ObjectMeta
    package var spec = StatefulSetSpec()
    package var status = StatefulSetStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? StatefulSetSpec()
            case "status": status = try r.read() ?? StatefulSetStatus()
            default: try r.skip()
            }
        }
    }
}

/// What is wanted.
package struct StatefulSetSpec: JSONReadable, Equatable {
    package var replicas = 1
    package var serviceName = ""
    package var selector = LabelSelector()
    package var template = PodTemplate()
    package var volumeClaimTemplates: [PersistentVolumeClaim] = []
    package var podManagementPolicy = ""
    package var updateStrategy = UpdateStrategy()
    package var minReadySeconds = 0
    package var revisionHistoryLimit = 10

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "replicas": replicas = try r.int() ?? 1
            case "serviceName": serviceName = try r.text() ?? ""
            case "selector": selector = try r.read() ?? LabelSelector()
            case "template": template = try r.read() ?? PodTemplate()
            case "volumeClaimTemplates": volumeClaimTemplates = try r.list()
            case "podManagementPolicy": podManagementPolicy = try r.text() ?? ""
            case "updateStrategy": updateStrategy = try r.read() ?? UpdateStrategy()
            case "minReadySeconds": minReadySeconds = try r.int() ?? 0
            case "revisionHistoryLimit": revisionHistoryLimit = try r.int() ?? 10
            default: try r.skip()
            }
        }
    }
}

/// How pods of a StatefulSet or DaemonSet are replaced.
package struct UpdateStrategy: JSONReadable, Equatable {
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

/// Counts are 0 where the server leaves them out.
package struct StatefulSetStatus: JSONReadable, Equatable {
    package var observedGeneration = 0
    package var replicas = 0
    package var readyReplicas = 0
    package var currentReplicas = 0
    package var updatedReplicas = 0
    package var availableReplicas = 0
    package var currentRevision: String?
    package var updateRevision: String?
    package var collisionCount = 0
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "observedGeneration": observedGeneration = try r.int() ?? 0
            case "replicas": replicas = try r.int() ?? 0
            case "readyReplicas": readyReplicas = try r.int() ?? 0
            case "currentReplicas": currentReplicas = try r.int() ?? 0
            case "updatedReplicas": updatedReplicas = try r.int() ?? 0
            case "availableReplicas": availableReplicas = try r.int() ?? 0
            case "currentRevision": currentRevision = try r.text()
            case "updateRevision": updateRevision = try r.text()
            case "collisionCount": collisionCount = try r.int() ?? 0
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
