import Core
import Diagnosis
import Kubernetes

/// Jobs that gave up, and CronJobs whose every run fails.
struct JobRule: Rule {
    let name = "job-failed"
    let categories = ["job-backoff-exceeded", "job-deadline-exceeded", "cronjob-failing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A Job used up its retries or its time, or every run of a CronJob fails.",
            sees: ["jobs", "cronjobs", "pods", "logs", "events"],
            evidence: ["the condition Failed and its reason; the last runs"],
            contradictedBy: ["a later run that succeeded"],
            next: ["read the log of the last run"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/job/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for job in scene.snapshot.jobs {
            guard let failed = JobState.failure(job), !JobState.isPast(job, failed, scene) else { continue }
            let path = scene.path("Job", job.metadata.namespace, job.metadata.name)
            guard let workload = scene.workload(at: path) else { continue }  // a CronJob's Jobs are looked at together
            let isDeadline = failed.reason == "DeadlineExceeded"
            var support = [
                Support(
                    .decisive,
                    Evidence(
                        .status, source: path.resource, text: "Failed: \(failed.reason ?? ""): \(failed.message ?? "")",
                        time: failed.lastTransitionTime))
            ]
            if let event = scene.events(about: job.metadata, kind: "Job").last(where: { $0.reason == failed.reason }) {
                support.append(Support(.strong, scene.evidence(event)))
            }
            let why = JobState.lastWords(of: workload, scene)
            if let why { support.append(Support(.strong, why.evidence)) }
            draft.symptoms.append(
                Symptom(
                    "job-gave-up", path, effect: "the Job failed", severity: .high, since: failed.lastTransitionTime ?? scene.now,
                    evidence: [support[0].evidence]))
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: isDeadline ? "job-deadline-exceeded" : "job-backoff-exceeded", resource: path, depth: .general,
                    severity: .high,
                    complaint: "failed", fact: why?.fact ?? (isDeadline ? "it ran longer than its deadline" : "it used up its retries"),
                    text: isDeadline
                        ? "Job \(job.metadata.name) ran longer than its deadline of \(job.spec.activeDeadlineSeconds ?? 0) s"
                        : (failed.reason == "BackoffLimitExceeded"
                            ? "Job \(job.metadata.name) used up its \(job.spec.backoffLimit) retries"
                            : "Job \(job.metadata.name) failed: \((failed.message ?? failed.reason ?? "it gave up").prefix(160))")
                            + (why.map { ": \($0.fact)" } ?? ""),
                    since: failed.lastTransitionTime, support: support, dependsOn: JobState.silentDependencies(of: job, scene),
                    next: ["kubectl -n \(path.namespace) logs job/\(path.name)"]))
        }
        for cron in scene.snapshot.cronJobs {
            let path = scene.path("CronJob", cron.metadata.namespace, cron.metadata.name)
            guard let runs = JobState.failedRuns(cron, scene), let workload = scene.workload(at: path) else { continue }
            let why = JobState.lastWords(of: workload, scene)
            var support = [
                Support(
                    .decisive,
                    Evidence(
                        .status, source: path.resource,
                        text: "the last \(runs.count) runs failed" + (cron.status.lastSuccessfulTime == nil ? ", none has succeeded" : ""),
                        time: runs.last))
            ]
            if let why { support.append(Support(.strong, why.evidence)) }
            draft.hypotheses.append(
                Hypothesis(
                    rule: "cronjob-runs", category: "cronjob-failing", resource: path, depth: .general, severity: .high,
                    complaint: "fails at every run", fact: why?.fact ?? "\(runs.count) runs in a row",
                    text: "every run of CronJob \(path.name) fails" + (why.map { ": \($0.fact)" } ?? ""), since: runs.first,
                    support: support))
        }
    }
}

enum JobState {
    /// Services that its program is told to call and that are down: the reason where its log tells none.
    static func silentDependencies(of job: Job, _ scene: Scene) -> [EntityPath] {
        let containers = job.spec.template.spec.initContainers + job.spec.template.spec.containers
        return scene.dependencies(on: containers.flatMap { scene.silentServices(calledBy: $0, in: job.metadata.namespace) })
    }

    static func failure(_ job: Job) -> Condition? { job.status.conditions.first { $0.type == "Failed" && $0.status == "True" } }
    /// Whether a failure is history: a later Job of the same name but for its number has succeeded, or a week has gone by. Failed Jobs stay until
    /// somebody deletes them.
    static func isPast(_ job: Job, _ failure: Condition, _ scene: Scene) -> Bool {
        guard let time = failure.lastTransitionTime else { return false }
        if scene.now - time > .seconds(7 * 86400) { return true }
        let stem = stem(job.metadata.name)
        return scene.snapshot.jobs.contains { other in
            other.metadata.namespace == job.metadata.namespace && other.metadata.name != job.metadata.name
                && JobState.stem(other.metadata.name) == stem && isComplete(other) && (other.status.completionTime ?? .distantPast) > time
        }
    }

    /// `migrate-v11` and `migrate-v12`, `import-2026-03-01` and `import-2026-03-02` do the same work.
    private static func stem(_ name: String) -> String {
        name.split(separator: "-").filter { part in !part.contains { $0.isNumber } }.joined(separator: "-")
    }

    static func isComplete(_ job: Job) -> Bool { job.status.conditions.contains { $0.type == "Complete" && $0.status == "True" } }

    /// When the last runs of a CronJob failed, oldest first; nil unless at least two in a row did and none has succeeded since.
    static func failedRuns(_ cron: CronJob, _ scene: Scene) -> [Timestamp]? {
        let mine = scene.snapshot.jobs.filter { job in
            job.metadata.namespace == cron.metadata.namespace
                && job.metadata.ownerReferences.contains { $0.controller && $0.kind == "CronJob" && $0.name == cron.metadata.name }
        }
        let ended = mine.compactMap { job -> (time: Timestamp, good: Bool)? in
            if let failure = failure(job) { return (failure.lastTransitionTime ?? job.metadata.creationTimestamp ?? .distantPast, false) }
            return isComplete(job) ? (job.status.completionTime ?? job.metadata.creationTimestamp ?? .distantPast, true) : nil
        }.sorted { $0.time < $1.time }
        guard let last = ended.last, !last.good else { return nil }
        var failed = ended.reversed().prefix { !$0.good }.map(\.time)
        // The history keeps few Jobs; their events outlive them.
        if failed.count < 2 {
            let good = cron.status.lastSuccessfulTime ?? .distantPast
            let past = scene.snapshot.events.filter { e in
                e.regarding.kind == "Job" && e.regarding.namespace == cron.metadata.namespace && e.reason == "BackoffLimitExceeded"
                    && e.regarding.name.hasPrefix(cron.metadata.name + "-")
                    && e.regarding.name.dropFirst(cron.metadata.name.count + 1).allSatisfy(\.isNumber)
            }.compactMap(\.lastSeen)
            failed = Set(failed + past).filter { $0 > good }.sorted().reversed()
        }
        // Mostly one failed Job is kept: how many runs were due since one succeeded tells the rest.
        if failed.count < 2, let good = cron.status.lastSuccessfulTime {
            let due = CronSchedule.times(of: cron.spec.schedule, after: good, until: last.time)
            if due.count >= 2 { failed = due.reversed() }
        }
        if let good = cron.status.lastSuccessfulTime, failed.contains(where: { $0 < good }) { failed = failed.filter { $0 >= good } }
        return failed.count >= 2 ? failed.sorted() : nil
    }

    /// What the newest failed pod of a Job said last.
    static func lastWords(of workload: Workload, _ scene: Scene) -> (fact: String, evidence: Evidence)? {
        let failed = workload.allPods.filter { scene.snapshot.pods[$0].status.phase == "Failed" }
        let newest = failed.max {
            (scene.snapshot.pods[$0].metadata.creationTimestamp ?? .distantPast, $1) < (
                scene.snapshot.pods[$1].metadata.creationTimestamp ?? .distantPast, $0
            )
        }
        guard let p = newest else { return nil }
        for container in scene.containers(ofPod: p) {
            guard let end = container.status?.state.terminated, end.exitCode != 0,
                case .text(let bytes) = scene.log(of: scene.snapshot.pods[p], container.name, previous: false), !bytes.isEmpty
            else { continue }
            guard let text = LogReading.clues(in: bytes).last?.text ?? LogReading.lastLine(of: bytes),
                !text.hasPrefix("unable to retrieve container logs")
            else { continue }
            return (
                "exit code \(end.exitCode), \(CrashRule.stripped(text).prefix(80))",
                Evidence(.log, source: "logs/\(scene.snapshot.pods[p].metadata.name).\(container.name)", text: String(text.prefix(300)))
            )
        }
        guard let end = scene.containers(ofPod: p).lazy.compactMap({ $0.status?.state.terminated }).first(where: { $0.exitCode != 0 })
        else { return nil }
        return ("exit code \(end.exitCode)", Evidence(.status, source: scene.podName(p), text: "exit code \(end.exitCode)"))
    }
}
