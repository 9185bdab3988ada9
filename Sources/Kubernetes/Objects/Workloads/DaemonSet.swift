package import Core

/// A DaemonSet.
package struct DaemonSet: KubernetesResource, Equatable {
    package static let type = ResourceType.daemonSets

    @Shared package var metadata: ObjectMeta
    package var spec = DaemonSetSpec()
    package var status = DaemonSetStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? DaemonSetSpec()
            case "status": status = try r.read() ?? DaemonSetStatus()
            default: try r.skip()
            }
        }
    }
}

/// What is wanted.
package struct DaemonSetSpec: JSONReadable, Equatable {
    package var selector = LabelSelector()
    package var template = PodTemplate()
    package var updateStrategy = UpdateStrategy()
    package var minReadySeconds = 0
    package var revisionHistoryLimit = 10

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "selector": selector = try r.read() ?? LabelSelector()
            case "template": template = try r.read() ?? PodTemplate()
            case "updateStrategy": updateStrategy = try r.read() ?? UpdateStrategy()
            case "minReadySeconds": minReadySeconds = try r.int() ?? 0
            case "revisionHistoryLimit": revisionHistoryLimit = try r.int() ?? 10
            default: try r.skip()
            }
        }
    }
}

/// Counts are 0 where the server leaves them out.
package struct DaemonSetStatus: JSONReadable, Equatable {
    package var observedGeneration = 0
    package var currentNumberScheduled = 0
    package var numberMisscheduled = 0
    package var desiredNumberScheduled = 0
    package var numberReady = 0
    package var updatedNumberScheduled = 0
    package var numberAvailable = 0
    package var numberUnavailable = 0
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "observedGeneration": observedGeneration = try r.int() ?? 0
            case "currentNumberScheduled": currentNumberScheduled = try r.int() ?? 0
            case "numberMisscheduled": numberMisscheduled = try r.int() ?? 0
            case "desiredNumberScheduled": desiredNumberScheduled = try r.int() ?? 0
            case "numberReady": numberReady = try r.int() ?? 0
            case "updatedNumberScheduled": updatedNumberScheduled = try r.int() ?? 0
            case "numberAvailable": numberAvailable = try r.int() ?? 0
            case "numberUnavailable": numberUnavailable = try r.int() ?? 0
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
