import Core
import Foundation
import Kubernetes

/// Starts Jobs by the clock, follows them, and clears old ones away (cron-job controller).
enum CronJobController {
    static let component = "cronjob-controller"

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard var job = world.store.get(key), !job.isBeingDeleted else { return }
        let before = job
        let owned = world.index.dependants(of: job.uid, type: .jobs).compactMap { world.store.get($0) }
        follow(&job, owned, &world)
        clear(job, owned, &world)
        start(&job, key, &world)
        if job["status"] != before["status"] { world.writeStatus(job, key) }
    }

    /// How a Job ended; nil while it runs.
    static func end(of job: JSON) -> String? {
        ["Complete", "Failed"].first { job.condition($0)?["status"]?.string == "True" }
    }

    private static func active(_ job: JSON) -> [JSON] { job["status"]?["active"]?.array ?? [] }

    private static func setActive(_ list: [JSON], _ job: inout JSON) { job[at: "status", "active"] = JSON.unlessEmpty(list) }

    // MARK: Jobs that are there

    private static func follow(_ job: inout JSON, _ owned: [JSON], _ world: inout World) {
        for reference in active(job) {
            let uid = reference["uid"]?.string
            let name = reference["name"]?.string ?? ""
            guard let found = owned.first(where: { $0.uid == uid }) else {
                world.record(EventSubject(job), "Normal", "MissingJob", ControllerTexts.missingJob(name), component: component)
                setActive(active(job).filter { $0["uid"]?.string != uid }, &job)
                continue
            }
            guard let end = end(of: found) else { continue }
            world.record(EventSubject(job), "Normal", "SawCompletedJob", ControllerTexts.sawCompletedJob(name, end), component: component)
            setActive(active(job).filter { $0["uid"]?.string != uid }, &job)
        }
        let successes = owned.filter { end(of: $0) == "Complete" }.compactMap { $0["status"]?["completionTime"]?.string }
        if let last = successes.max(), last > job["status"]?["lastSuccessfulTime"]?.string ?? "" {
            job[at: "status", "lastSuccessfulTime"] = .string(last)
        }
    }

    private static func clear(_ job: JSON, _ owned: [JSON], _ world: inout World) {
        for (end, field, standard) in [("Complete", "successfulJobsHistoryLimit", 3), ("Failed", "failedJobsHistoryLimit", 1)] {
            let limit = job["spec"]?[field]?.int ?? standard
            let finished = owned.filter { Self.end(of: $0) == end && !$0.isBeingDeleted }.sorted {
                ($0["status"]?["startTime"]?.string ?? "", $0.metadataName) < ($1["status"]?["startTime"]?.string ?? "", $1.metadataName)
            }
            for old in finished.prefix(max(0, finished.count - limit)) { remove(old, of: job, &world) }
        }
    }

    private static func remove(_ old: JSON, of job: JSON, _ world: inout World) {
        world.delete(ObjectKey(type: .jobs, namespace: old.metadataNamespace, name: old.metadataName))
        world.record(
            EventSubject(job), "Normal", "SuccessfulDelete", ControllerTexts.deletedJob(old.metadataName), component: component)
    }

    // MARK: The next Job

    private static func start(_ job: inout JSON, _ key: ObjectKey, _ world: inout World) {
        let spec = job["spec"]
        if spec?["suspend"]?.bool == true { return }
        let text = spec?["schedule"]?.string ?? ""
        let zoneName = spec?["timeZone"]?.string
        guard let zone = TimeZone(identifier: zoneName ?? "UTC") else {
            return warn(job, "UnknownTimeZone", ControllerTexts.unknownTimeZone(zoneName ?? "", zoneName ?? ""), &world)
        }
        guard let schedule = CronSchedule(text, zone: zone) else {
            return warn(job, "UnparseableSchedule", ControllerTexts.unparseableSchedule(text), &world)
        }
        guard let next = schedule.next(after: world.now) else {
            return warn(job, "InvalidSchedule", ControllerTexts.neverScheduled(text), &world)
        }
        defer { world.queue.put(.work(Work(controller: .cronJob, key: key)), at: next) }
        let last = job["status"]?["lastScheduleTime"]?.string.flatMap { Timestamp($0) }
        var earliest = last ?? job.created
        let deadline = spec?["startingDeadlineSeconds"]?.int
        if let deadline { earliest = max(earliest, world.now - .seconds(deadline)) }
        guard let due = schedule.latest(after: earliest, until: world.now) else { return }
        if due.count > 100 { warn(job, "TooManyMissedTimes", ControllerTexts.tooManyMissed(), &world) }
        if let deadline, due.time + .seconds(deadline) < world.now {
            return warn(job, "MissSchedule", ControllerTexts.missedSchedule(due.time.rfc3339()), &world)
        }
        switch spec?["concurrencyPolicy"]?.string {
        case "Forbid" where !active(job).isEmpty:
            // Said once of each time that is passed over, however often the running Job brings this one here.
            guard world.skippedRuns.updateValue(due.time, forKey: job.uid) != due.time else { return }
            return world.record(EventSubject(job), "Normal", "JobAlreadyActive", ControllerTexts.alreadyActive(), component: component)
        case "Replace":
            for reference in active(job) {
                let old = ObjectKey(type: .jobs, namespace: key.namespace, name: reference["name"]?.string ?? "")
                if let object = world.store.get(old) { remove(object, of: job, &world) }
            }
            setActive([], &job)
        default: break
        }
        create(&job, due.time, zone, &world)
    }

    private static func create(_ job: inout JSON, _ time: Timestamp, _ zone: TimeZone, _ world: inout World) {
        let template = job["spec"]?["jobTemplate"]
        // The name tells the scheduled minute, so that a time is never started twice.
        let name = "\(job.metadataName)-\(time.wholeSeconds / 60)"
        var annotations = template?["metadata"]?["annotations"]?.object ?? [:]
        let seconds = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(time.wholeSeconds)))
        annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] = .string(local(time, seconds))
        var metadata: JSON = ["name": .string(name), "namespace": .string(job.metadataNamespace)]
        metadata["labels"] = template?["metadata"]?["labels"]
        metadata["annotations"] = .object(annotations)
        metadata["ownerReferences"] = [job.controllerReference()]
        do {
            let made = try world.create(
                ["apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template?["spec"] ?? [:]], type: .jobs)
            world.record(EventSubject(job), "Normal", "SuccessfulCreate", ControllerTexts.createdJob(name), component: component)
            setActive(
                active(job) + [
                    [
                        "kind": "Job", "namespace": .string(job.metadataNamespace), "name": .string(name), "uid": .string(made.uid),
                        "apiVersion": "batch/v1", "resourceVersion": made["metadata"]?["resourceVersion"] ?? "",
                    ]
                ], &job)
            job[at: "status", "lastScheduleTime"] = time.json
        } catch {
            if error.reason == "AlreadyExists" { return }
            warn(job, "FailedCreate", ControllerTexts.failedCreateJob(error.message), &world)
        }
    }

    /// A time in a zone: `…Z` for UTC, else with the offset.
    private static func local(_ time: Timestamp, _ offset: Int) -> String {
        if offset == 0 { return time.rfc3339() }
        let shifted = (time + .seconds(offset)).rfc3339().dropLast()
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
        return "\(shifted)\(offset < 0 ? "-" : "+")\(two(abs(offset) / 3600)):\(two(abs(offset) / 60 % 60))"
    }

    private static func warn(_ job: JSON, _ reason: String, _ message: String, _ world: inout World) {
        world.record(EventSubject(job), "Warning", reason, message, component: component)
    }
}
