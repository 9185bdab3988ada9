import Core
import Kubernetes

/// Runs Jobs to their end: parallel, indexed, suspended, with back-off, deadline and failure policy (job controller).
enum JobController {
    static let component = "job-controller"

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let job = world.store.get(key), !job.isBeingDeleted else { world.jobs[key] = nil; return }
        if CronJobController.end(of: job) != nil { return expire(job, key, &world) }
        var tally = JobTally(world.jobs[key], job, world)
        defer { world.jobs[key] = tally }
        var status = job["status"] ?? [:]
        let isSuspended = job["spec"]?["suspend"]?.bool == true
        setSuspended(isSuspended, job, &status, &world)
        if !isSuspended, status["startTime"] == nil { status["startTime"] = world.now.json }
        if let end = end(job, tally, status, world) {
            finish(job, key, end, &tally, &status, &world)
        } else if isSuspended {
            for pod in tally.active { remove(pod, of: job, &tally, &world) }
        } else {
            wakeAtDeadline(job, key, status, &world)
            manage(job, key, &tally, &world)
        }
        write(job, key, status, tally, &world)
    }

    // MARK: The end

    struct End {
        let isSuccess: Bool
        let reason: String
        let message: String
    }

    private static func end(_ job: JSON, _ tally: JobTally, _ status: JSON, _ world: World) -> End? {
        // What was decided stays decided while the last pods end.
        if let target = job.condition("FailureTarget") {
            return End(isSuccess: false, reason: target["reason"]?.string ?? "", message: target["message"]?.string ?? "")
        }
        if let failure = tally.policyFailure { return End(isSuccess: false, reason: "PodFailurePolicy", message: failure) }
        let spec = job["spec"]
        let isPerIndex = spec?["backoffLimitPerIndex"] != nil
        if tally.failed + tally.restarts > spec?["backoffLimit"]?.int ?? (isPerIndex ? Int(Int32.max) : 6) {
            return End(isSuccess: false, reason: "BackoffLimitExceeded", message: ControllerTexts.backoffLimit())
        }
        if let due = deadline(job, status), due <= world.now {
            return End(isSuccess: false, reason: "DeadlineExceeded", message: ControllerTexts.deadlineExceeded())
        }
        let given = tally.failedIndexes.count
        if let most = spec?["maxFailedIndexes"]?.int, given > most {
            return End(isSuccess: false, reason: "MaxFailedIndexesExceeded", message: ControllerTexts.tooManyFailedIndexes())
        }
        if given > 0, let completions = tally.completions, given + tally.succeeded >= completions {
            return End(isSuccess: false, reason: "FailedIndexes", message: ControllerTexts.failedIndexes())
        }
        if tally.isIndexed, let rule = SuccessPolicy.match(job, tally.completedIndexes) {
            return End(isSuccess: true, reason: "SuccessPolicy", message: ControllerTexts.matchedRule(String(rule)))
        }
        let isDone = tally.completions.map { tally.succeeded >= $0 } ?? (tally.succeeded > 0 && tally.active.isEmpty)
        return isDone ? End(isSuccess: true, reason: "CompletionsReached", message: ControllerTexts.completionsReached()) : nil
    }

    private static func deadline(_ job: JSON, _ status: JSON) -> Timestamp? {
        guard let limit = job["spec"]?.activeDeadline, job["spec"]?["suspend"]?.bool != true,
            let start = status["startTime"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        return start + limit
    }

    private static func wakeAtDeadline(_ job: JSON, _ key: ObjectKey, _ status: JSON, _ world: inout World) {
        if let due = deadline(job, status) { world.queue.put(.work(Work(controller: .job, key: key)), at: due) }
    }

    private static func finish(
        _ job: JSON, _ key: ObjectKey, _ end: End, _ tally: inout JobTally, _ status: inout JSON, _ world: inout World
    ) {
        for pod in tally.active { remove(pod, of: job, &tally, hasFailed: !end.isSuccess, &world) }
        setCondition(end.isSuccess ? "SuccessCriteriaMet" : "FailureTarget", "True", end.reason, end.message, &status, world.now)
        // The Job ends with its last pod.
        guard tally.terminating == 0 else { return }
        setCondition(end.isSuccess ? "Complete" : "Failed", "True", end.reason, end.message, &status, world.now)
        if end.isSuccess { status["completionTime"] = world.now.json }
        world.record(
            EventSubject(job), end.isSuccess ? "Normal" : "Warning", end.isSuccess ? "Completed" : end.reason,
            end.isSuccess ? ControllerTexts.jobCompleted() : end.message, component: component)
        world.enqueue(.job, key)
    }

    /// A finished Job goes `ttlSecondsAfterFinished` after its end.
    private static func expire(_ job: JSON, _ key: ObjectKey, _ world: inout World) {
        world.jobs[key] = nil
        guard let seconds = job["spec"]?["ttlSecondsAfterFinished"]?.int, let end = CronJobController.end(of: job),
            let time = job.condition(end)?["lastTransitionTime"]?.string.flatMap({ Timestamp($0) })
        else { return }
        let due = time + .seconds(seconds)
        if due <= world.now {
            world.delete(key, propagation: .foreground)
        } else {
            world.queue.put(.work(Work(controller: .job, key: key)), at: due)
        }
    }

    // MARK: Pods

    /// Starts and stops pods until as many run as should (manageJob).
    private static func manage(_ job: JSON, _ key: ObjectKey, _ tally: inout JobTally, _ world: inout World) {
        let parallelism = job["spec"]?["parallelism"]?.int ?? 1
        let wanted: Int
        if let completions = tally.completions {
            wanted = max(0, min(parallelism, completions - tally.succeeded - tally.failedIndexes.count))
        } else {
            // Without a number of completions one success ends the starting of more.
            wanted = tally.succeeded > 0 ? min(parallelism, tally.active.count) : parallelism
        }
        for pod in tally.active.dropFirst(wanted) { remove(pod, of: job, &tally, &world) }
        let missing = wanted - tally.active.count - tally.replaced(job)
        guard missing > 0 else { return }
        if let due = tally.backOff(), due > world.now { return world.queue.put(.work(Work(controller: .job, key: key)), at: due) }
        let count = world.allowance(missing, of: job.uid, Work(controller: .job, key: key))
        create(count, job, key, &tally, &world)
    }

    private static func remove(
        _ pod: PodEntry, of job: JSON, _ tally: inout JobTally, hasFailed: Bool = false, _ world: inout World
    ) {
        tally.stop(pod, hasFailed: hasFailed)
        world.delete(pod.key)
        world.record(EventSubject(job), "Normal", "SuccessfulDelete", ControllerTexts.deletedPod(pod.key.name), component: component)
    }

    private static func create(_ count: Int, _ job: JSON, _ key: ObjectKey, _ tally: inout JobTally, _ world: inout World) {
        let labels = [
            "batch.kubernetes.io/controller-uid": job.uid, "batch.kubernetes.io/job-name": key.name, "controller-uid": job.uid,
            "job-name": key.name,
        ]
        let free: (due: [Int], next: Timestamp?) = tally.isIndexed ? tally.freeIndexes(count, now: world.now) : ([], nil)
        if let next = free.next { world.queue.put(.work(Work(controller: .job, key: key)), at: next) }
        var indexes = free.due
        for _ in 0..<count {
            var pod = PodControl.pod(from: job["spec"]?["template"] ?? [:], owner: job, labels: labels)
            if tally.isIndexed {
                guard !indexes.isEmpty else { return }
                let index = indexes.removeFirst()
                JobIndex.set(index, on: &pod, job: key.name, failures: tally.failures(of: index))
            }
            do {
                let made = try world.create(pod, type: .pods)
                tally.start(made.uid)
                world.record(
                    EventSubject(job), "Normal", "SuccessfulCreate", ControllerTexts.createdPod(made.metadataName), component: component)
            } catch {
                world.record(
                    EventSubject(job), "Warning", "FailedCreate", ControllerTexts.failedCreate(error.message), component: component)
                return world.enqueue(.job, key, after: .seconds(10))
            }
        }
    }

    // MARK: Status

    private static func setSuspended(_ isSuspended: Bool, _ job: JSON, _ status: inout JSON, _ world: inout World) {
        let was = job.condition("Suspended")?["status"]?.string == "True"
        guard isSuspended != was, isSuspended || job.condition("Suspended") != nil else { return }
        let (reason, message) =
            isSuspended ? ("JobSuspended", ControllerTexts.jobSuspended()) : ("JobResumed", ControllerTexts.jobResumed())
        setCondition("Suspended", isSuspended ? "True" : "False", reason, message, &status, world.now)
        if isSuspended { status["startTime"] = Optional.none } else { status["startTime"] = world.now.json }
        world.record(
            EventSubject(job), "Normal", isSuspended ? "Suspended" : "Resumed", message, component: component)
    }

    private static func setCondition(
        _ type: String, _ value: String, _ reason: String, _ message: String, _ status: inout JSON, _ now: Timestamp
    ) {
        var list = status["conditions"]?.array ?? []
        let at = list.firstIndex { $0["type"]?.string == type }
        if let at, list[at]["status"]?.string == value { return }
        let condition: JSON = [
            "type": .string(type), "status": .string(value), "lastProbeTime": now.json, "lastTransitionTime": now.json,
            "reason": .string(reason), "message": .string(message),
        ]
        if let at { list[at] = condition } else { list.append(condition) }
        status["conditions"] = .array(list)
    }

    private static func write(_ job: JSON, _ key: ObjectKey, _ status: JSON, _ tally: JobTally, _ world: inout World) {
        var status = status
        status.setCount("active", tally.active.count)
        status.setCount("succeeded", tally.succeeded)
        status.setCount("failed", tally.failed)
        if tally.isIndexed {
            status.set("completedIndexes", JobIndex.text(tally.completedIndexes))
            if job["spec"]?["backoffLimitPerIndex"] != nil { status.set("failedIndexes", JobIndex.text(tally.failedIndexes) ?? "") }
        }
        status["terminating"] = JSON(tally.terminating)
        status["uncountedTerminatedPods"] = [:]
        status["ready"] = JSON(tally.active.filter(\.isReady).count)
        guard status != job["status"] else { return }
        var changed = job
        changed["status"] = status
        world.writeStatus(changed, key)
    }
}
