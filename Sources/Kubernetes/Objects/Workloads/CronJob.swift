package import Core

/// A CronJob.
package struct CronJob: KubernetesResource, Equatable {
    package static let type = ResourceType.cronJobs

    @Shared package var metadata: ObjectMeta
    package var spec = CronJobSpec()
    package var status = CronJobStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? CronJobSpec()
            case "status": status = try r.read() ?? CronJobStatus()
            default: try r.skip()
            }
        }
    }
}

/// What is wanted.
package struct CronJobSpec: JSONReadable, Equatable {
    package var schedule = ""
    package var timeZone: String?
    package var suspend = false
    package var concurrencyPolicy: String?
    package var startingDeadlineSeconds: Int?
    package var successfulJobsHistoryLimit = 3
    package var failedJobsHistoryLimit = 1
    package var jobTemplate = JobTemplate()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "schedule": schedule = try r.text() ?? ""
            case "timeZone": timeZone = try r.text()
            case "suspend": suspend = try r.flag() ?? false
            case "concurrencyPolicy": concurrencyPolicy = try r.text()
            case "startingDeadlineSeconds": startingDeadlineSeconds = try r.int()
            case "successfulJobsHistoryLimit": successfulJobsHistoryLimit = try r.int() ?? 3
            case "failedJobsHistoryLimit": failedJobsHistoryLimit = try r.int() ?? 1
            case "jobTemplate": jobTemplate = try r.read() ?? JobTemplate()
            default: try r.skip()
            }
        }
    }
}

/// The template that a CronJob makes Jobs from.
package struct JobTemplate: JSONReadable, Equatable {
    @Shared package var metadata: ObjectMeta
    package var spec = JobSpec()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? JobSpec()
            default: try r.skip()
            }
        }
    }
}

/// When it ran last, and what runs now.
package struct CronJobStatus: JSONReadable, Equatable {
    package var active: [ObjectReference] = []
    package var lastScheduleTime: Timestamp?
    package var lastSuccessfulTime: Timestamp?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "active": active = try r.list()
            case "lastScheduleTime": lastScheduleTime = try r.time()
            case "lastSuccessfulTime": lastSuccessfulTime = try r.time()
            default: try r.skip()
            }
        }
    }
}
