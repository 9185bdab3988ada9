import Core
import Kubernetes

/// Runs Jobs to their end (k8s.io/kubernetes/pkg/controller/job): non-indexed, with back-off and deadline.
enum JobController {
    static let component = "job-controller"

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let job = world.store.get(key), !job.isBeingDeleted else { return }
        let over = ["Complete", "Failed"].contains { job.condition($0)?["status"]?.string == "True" }
        let pods = world.index.pods(ownedBy: job.uid)
        let active = pods.filter(\.isActive)
        if over { return }
        let spec = job["spec"]
        let completions = spec?["completions"]?.int ?? 1
        let parallelism = spec?["suspend"]?.bool == true ? 0 : spec?["parallelism"]?.int ?? 1
        let succeeded = pods.filter { $0.phase == "Succeeded" }.count
        let failed = pods.filter { $0.phase == "Failed" }.count
        let restarts = active.reduce(0) { $0 + $1.restarts }
        var status = job["status"] ?? [:]
        let started = status["startTime"]?.string.flatMap { Timestamp($0) } ?? world.now
        if status["startTime"] == nil { status["startTime"] = world.now.json }
        var end: (types: [String], reason: String, message: String)?
        if succeeded >= completions {
            end = (["SuccessCriteriaMet", "Complete"], "CompletionsReached", ControllerTexts.completionsReached())
        } else if failed + restarts > spec?["backoffLimit"]?.int ?? 6 {
            end = (["FailureTarget", "Failed"], "BackoffLimitExceeded", ControllerTexts.backoffLimit())
        } else if let limit = spec?["activeDeadlineSeconds"]?.int {
            let due = started + .seconds(limit)
            if due <= world.now {
                end = (["FailureTarget", "Failed"], "DeadlineExceeded", ControllerTexts.deadlineExceeded())
            } else {
                world.queue.put(.work(Work(controller: .job, key: key)), at: due)
            }
        }
        if let end {
            for pod in active { world.delete(pod.key) }
            status["conditions"] = .array(
                end.types.map {
                    [
                        "type": .string($0), "status": "True", "lastProbeTime": world.now.json, "lastTransitionTime": world.now.json,
                        "reason": .string(end.reason), "message": .string(end.message),
                    ]
                })
            let isComplete = end.reason == "CompletionsReached"
            if isComplete { status["completionTime"] = world.now.json }
            world.record(
                EventSubject(job), isComplete ? "Normal" : "Warning", isComplete ? "Completed" : end.reason,
                isComplete ? ControllerTexts.jobCompleted() : end.message, component: component)
            return finish(job, key, &status, active: 0, ready: 0, succeeded: succeeded, failed: failed, &world)
        }
        let wanted = min(parallelism, completions - succeeded)
        if active.count < wanted, isDue(job, key, failures: failed, pods, &world) { create(wanted - active.count, job, key, &world) }
        finish(
            job, key, &status, active: active.count, ready: active.filter(\.isReady).count, succeeded: succeeded, failed: failed, &world)
    }

    /// After a failure the next pod waits ten seconds, doubling.
    private static func isDue(_ job: JSON, _ key: ObjectKey, failures: Int, _ pods: [PodEntry], _ world: inout World) -> Bool {
        guard failures > 0, let last = pods.filter({ $0.phase == "Failed" }).map(\.readySince).max() else { return true }
        let due = last + .seconds(min(600, 10 << min(failures - 1, 6)))
        if due <= world.now { return true }
        world.queue.put(.work(Work(controller: .job, key: key)), at: due)
        return false
    }

    private static func create(_ count: Int, _ job: JSON, _ key: ObjectKey, _ world: inout World) {
        let labels = [
            "batch.kubernetes.io/controller-uid": job.uid, "batch.kubernetes.io/job-name": key.name, "controller-uid": job.uid,
            "job-name": key.name,
        ]
        for _ in 0..<count {
            do {
                let pod = try world.create(
                    PodControl.pod(from: job["spec"]?["template"] ?? [:], owner: job, labels: labels), type: .pods)
                world.record(
                    EventSubject(job), "Normal", "SuccessfulCreate", ControllerTexts.createdPod(pod.metadataName), component: component)
            } catch {
                world.record(
                    EventSubject(job), "Warning", "FailedCreate", ControllerTexts.failedCreate(error.message), component: component)
                return world.enqueue(.job, key, after: .seconds(10))
            }
        }
    }

    private static func finish(
        _ job: JSON, _ key: ObjectKey, _ status: inout JSON, active: Int, ready: Int, succeeded: Int, failed: Int, _ world: inout World
    ) {
        status.setCount("active", active)
        status.setCount("succeeded", succeeded)
        status.setCount("failed", failed)
        status["terminating"] = 0
        status["uncountedTerminatedPods"] = [:]
        status["ready"] = JSON(ready)
        guard status != job["status"] else { return }
        var changed = job
        changed["status"] = status
        world.writeStatus(changed, key)
    }
}
