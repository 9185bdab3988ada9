import Core
import Diagnosis
import Kubernetes

/// A Job whose pods have failed and that has not given up: it tries again. Or one that gave up long ago and is still there.
struct JobHygiene: HygieneRule {
    let name = "job-retrying"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Pods of a Job failed, and it has not given up; or it gave up, and that is history.",
            sees: ["jobs"],
            evidence: [
                "status.failed without a final condition; a condition Failed from more than a week ago, or before a later run succeeded"
            ],
            contradictedBy: ["the Job completes"],
            next: ["read the log of the failed pod"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/job/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        let ends: Set<String> = ["Complete", "SuccessCriteriaMet", "Failed"]
        return scene.snapshot.jobs.compactMap { job in
            let path = scene.path("Job", job.metadata.namespace, job.metadata.name)
            if let failed = JobState.failure(job), JobState.isPast(job, failed, scene), !said.speaks(of: path) {
                return finding(
                    path, "Job \(path.name) failed and is still there: \(failed.reason ?? "it gave up")", since: failed.lastTransitionTime,
                    now: scene.now)
            }
            guard job.status.failed > 0, !job.status.conditions.contains(where: { ends.contains($0.type) && $0.status == "True" }),
                !said.speaks(of: path)
            else { return nil }
            return finding(
                path,
                "\(job.status.failed) pods of Job \(path.name) failed; "
                    + (job.spec.suspend ? "it is suspended" : "it gives up after \(job.spec.backoffLimit) retries"),
                since: job.status.startTime, now: scene.now)
        }
    }
}
