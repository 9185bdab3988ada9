package import Core

/// A Job.
package struct Job: KubernetesResource, Equatable {
    package static let type = ResourceType.jobs

    @Shared package var metadata: ObjectMeta
    package var spec = JobSpec()
    package var status = JobStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? JobSpec()
            case "status": status = try r.read() ?? JobStatus()
            default: try r.skip()
            }
        }
    }
}

/// What is wanted.
package struct JobSpec: JSONReadable, Equatable {
    package var parallelism: Int?
    package var completions: Int?
    package var backoffLimit = 6
    package var activeDeadlineSeconds: Int?
    package var ttlSecondsAfterFinished: Int?
    package var completionMode: String?
    package var suspend = false
    package var podFailurePolicy: JSON?
    package var selector: LabelSelector?
    package var template = PodTemplate()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "parallelism": parallelism = try r.int()
            case "completions": completions = try r.int()
            case "backoffLimit": backoffLimit = try r.int() ?? 6
            case "activeDeadlineSeconds": activeDeadlineSeconds = try r.int()
            case "ttlSecondsAfterFinished": ttlSecondsAfterFinished = try r.int()
            case "completionMode": completionMode = try r.text()
            case "suspend": suspend = try r.flag() ?? false
            case "podFailurePolicy": podFailurePolicy = try r.json()
            case "selector": selector = try r.read()
            case "template": template = try r.read() ?? PodTemplate()
            default: try r.skip()
            }
        }
    }
}

/// Counts are 0 where the server leaves them out.
package struct JobStatus: JSONReadable, Equatable {
    package var active = 0
    package var ready = 0
    package var succeeded = 0
    package var failed = 0
    package var terminating = 0
    package var startTime: Timestamp?
    package var completionTime: Timestamp?
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "active": active = try r.int() ?? 0
            case "ready": ready = try r.int() ?? 0
            case "succeeded": succeeded = try r.int() ?? 0
            case "failed": failed = try r.int() ?? 0
            case "terminating": terminating = try r.int() ?? 0
            case "startTime": startTime = try r.time()
            case "completionTime": completionTime = try r.time()
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
