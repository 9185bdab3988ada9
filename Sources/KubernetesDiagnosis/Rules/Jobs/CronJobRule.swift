import Core
import Diagnosis
import Kubernetes

/// CronJobs that do not run: suspended, a schedule that never comes, an earlier run that never ends.
struct CronJobRule: Rule {
    let name = "cronjob-schedule"
    let categories = ["cronjob-suspended", "cronjob-bad-schedule", "cronjob-blocked"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A CronJob does not run: it is suspended, its schedule never comes, or an earlier run never ends.",
            sees: ["cronjobs", "jobs", "events"],
            evidence: ["spec.suspend, the schedule, the age of the active run"],
            contradictedBy: ["a run since"],
            next: ["resume it, correct the schedule, or end the run"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for cron in scene.snapshot.cronJobs {
            let path = scene.path("CronJob", cron.metadata.namespace, cron.metadata.name)
            let schedule = scene.spec(path, .strong, "schedule \(cron.spec.schedule)")
            let events = scene.events(about: cron.metadata, kind: "CronJob")
            if cron.spec.suspend {
                let written = cron.metadata.fieldManagers.filter { $0.subresource == nil }.compactMap(\.time).max()
                let since = [cron.status.lastScheduleTime, written, cron.metadata.creationTimestamp].compactMap { $0 }.max() ?? scene.now
                let text =
                    "CronJob \(path.name) is suspended, so it does not run"
                    + (cron.status.lastScheduleTime.map { "; it ran last at \($0)" } ?? "")
                Deliberate.add(
                    Hypothesis(
                        rule: name, category: "cronjob-suspended", resource: path, depth: .specific, severity: .low,
                        complaint: "does not run", fact: "it is suspended", text: text, since: since,
                        support: [
                            Support(
                                .decisive,
                                Evidence(.spec, source: path.resource, text: "spec.suspend is true, schedule \(cron.spec.schedule)"))
                        ],
                        next: ["kubectl -n \(path.namespace) patch cronjob \(path.name) -p '{\"spec\":{\"suspend\":false}}'"]),
                    since: since, scene, &draft)
                continue
            }
            let invalid = events.last {
                ["InvalidSchedule", "UnparseableSchedule", "UnparseableCronJobSchedule", "UnknownTimeZone"].contains($0.reason)
            }
            let isZone = invalid?.reason == "UnknownTimeZone"
            let never = CronSchedule.neverComes(cron.spec.schedule)
            if invalid != nil || never || !CronSchedule.isValid(cron.spec.schedule) {
                var support = [Support(.decisive, schedule.evidence)]
                if let invalid { support.append(Support(.strong, scene.evidence(invalid))) }
                let why = isZone ? "is for a time zone that is not known" : never ? "never comes" : "cannot be parsed"
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: "cronjob-bad-schedule", resource: path, depth: .specific, severity: .medium,
                        complaint: "never runs", fact: "the schedule \(cron.spec.schedule) \(why)",
                        text: "the schedule \(cron.spec.schedule) of CronJob \(path.name) \(why)",
                        since: invalid?.firstSeen ?? cron.metadata.creationTimestamp, support: support))
                continue
            }
            if cron.spec.concurrencyPolicy == "Forbid", let active = cron.status.active.first,
                let event = events.last(where: { $0.reason == "JobAlreadyActive" }),
                let job = scene.snapshot.jobs.first(where: { $0.metadata.name == active.name && $0.metadata.namespace == path.namespace }),
                let started = job.status.startTime ?? job.metadata.creationTimestamp
            {
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: "cronjob-blocked", resource: path, depth: .specific, severity: .medium,
                        complaint: "does not run", fact: "its run \(active.name) does not end",
                        text:
                            "CronJob \(path.name) does not run: its run \(active.name) has been active since \(started) and concurrency is Forbid",
                        since: event.firstSeen,
                        support: [
                            Support(.decisive, scene.evidence(event)),
                            Support(
                                .strong, Evidence(.status, source: "Job/\(active.name)", text: "active since \(started)", time: started)),
                        ]))
            }
        }
    }
}

/// States that somebody probably wants: an incident of severity low for seven days, hygiene after (INTERFACES section 2).
enum Deliberate {
    static func add(_ hypothesis: Hypothesis, since: Timestamp, _ scene: Scene, _ draft: inout Draft) {
        guard scene.now - since > .seconds(7 * 86400) else { draft.hypotheses.append(hypothesis); return }
        draft.hygiene.append(
            Finding(
                rule: hypothesis.category, kind: .hygiene, severity: .low, entity: hypothesis.resource, text: hypothesis.text,
                firstSeen: since, lastSeen: scene.now,
                evidence: hypothesis.support.map(\.evidence)))
    }
}
