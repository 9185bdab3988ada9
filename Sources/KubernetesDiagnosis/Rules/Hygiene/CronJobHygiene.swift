import Core
import Diagnosis
import Kubernetes

/// A CronJob whose starting deadline has passed before a run is due.
struct CronJobHygiene: HygieneRule {
    let name = "cronjob-deadline"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The starting deadline of a CronJob is negative, so that every run is too late.",
            sees: ["cronjobs"],
            evidence: ["startingDeadlineSeconds"],
            contradictedBy: ["a run since"],
            next: ["give it a positive deadline, or none"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        return scene.snapshot.cronJobs.compactMap { cron in
            guard let deadline = cron.spec.startingDeadlineSeconds, deadline < 0 else { return nil }
            let path = scene.path("CronJob", cron.metadata.namespace, cron.metadata.name)
            return finding(
                path, "CronJob \(path.name) has startingDeadlineSeconds \(deadline): every run is too late", now: scene.now)
        }
    }
}
