import Core
import Kubernetes
import Testing

@testable import Twin

@Suite struct JobTests {
    private static let succeeds = "c: {exit: {code: 0, after: 2s}}"
    private static let fails = "c: {exit: {code: 3, after: 2s}}"
    private static let runs = "c: {}"

    private func job(_ name: String = "job", _ spec: String = "", behaviour: String = succeeds) -> String {
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: \(name), namespace: shop}
        spec:
          template:
            metadata: {annotations: {twin.martlet/behaviour: "\(behaviour)"}}
            spec: {restartPolicy: Never, containers: [{name: c, image: "registry.example.com/a/b:1"}]}
        \(spec)
        """
    }

    private func condition(_ bench: Bench, _ type: String, _ name: String = "job") -> String? {
        bench.get(.jobs, name)?.condition(type).map { "\($0["status"]?.string ?? "") \($0["reason"]?.string ?? "")" }
    }

    @Test func runsItsCompletionsSideBySide() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: job("job", "  completions: 5\n  parallelism: 2"))
        bench.run(1)
        #expect(bench.pods().count == 2)
        bench.run(60)
        #expect(bench.get(.jobs, "job")?["status"]?["succeeded"]?.int == 5)
        #expect(condition(bench, "Complete") == "True CompletionsReached")
        #expect(bench.messages("Completed") == ["Job completed"])
    }

    @Test func givesUpAfterItsBackOffLimit() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: job("job", "  backoffLimit: 2", behaviour: Self.fails))
        bench.run(10)
        // The second waits ten seconds for the first failure.
        #expect(bench.pods().count == 1)
        bench.run(90)
        #expect(bench.pods().count == 3)
        #expect(condition(bench, "FailureTarget") == "True BackoffLimitExceeded")
        #expect(condition(bench, "Failed") == "True BackoffLimitExceeded")
        #expect(bench.get(.jobs, "job")?["status"]?["failed"]?.int == 3)
    }

    @Test func givesEachIndexAPodOfItsOwn() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: job("job", "  completions: 3\n  parallelism: 3\n  completionMode: Indexed"))
        bench.run(1)
        #expect(Set(bench.pods().compactMap { $0["metadata"]?["labels"]?[JobIndex.label]?.string }) == ["0", "1", "2"])
        #expect(bench.pods().allSatisfy { $0["spec"]?["containers"]?[0]?["env"]?[0]?["name"]?.string == "JOB_COMPLETION_INDEX" })
        bench.run(30)
        #expect(bench.get(.jobs, "job")?["status"]?["completedIndexes"]?.string == "0-2")
    }

    @Test func aSuspendedJobHasNoPodsUntilItIsResumed() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: job("job", "  suspend: true", behaviour: Self.runs))
        bench.run(5)
        #expect(bench.pods().isEmpty)
        #expect(condition(bench, "Suspended") == "True JobSuspended")
        bench.change(.jobs, "job") { $0[at: "spec", "suspend"] = false }
        bench.run(5)
        #expect(bench.pods().count == 1)
        #expect(condition(bench, "Suspended") == "False JobResumed")
        bench.change(.jobs, "job") { $0[at: "spec", "suspend"] = true }
        bench.run(60)
        #expect(bench.pods().isEmpty)
        #expect(bench.get(.jobs, "job")?["status"]?["failed"] == nil)
        // A program that ends well when it is told to end has not done its work.
        #expect(bench.get(.jobs, "job")?["status"]?["succeeded"] == nil)
        #expect(condition(bench, "Complete") == nil)
    }

    @Test func deadlineAndTimeToLive() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: job("job", "  activeDeadlineSeconds: 20\n  ttlSecondsAfterFinished: 100", behaviour: Self.runs))
        bench.run(19)
        #expect(bench.pods().count == 1)
        bench.run(60)
        #expect(bench.messages("DeadlineExceeded") == ["Job was active longer than specified deadline"])
        #expect(condition(bench, "Failed") == "True DeadlineExceeded")
        #expect(bench.get(.jobs, "job")?["status"]?["succeeded"] == nil)
        #expect(bench.get(.jobs, "job")?["status"]?["failed"]?.int == 1)
        bench.run(120)
        #expect(bench.get(.jobs, "job") == nil)
    }

    @Test func aFailurePolicyEndsItAtOnce() throws {
        var bench = Bench(nodes: 2)
        let policy = "  podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: c, operator: In, values: [3]}}]}"
        try bench.apply(yaml: job("job", policy, behaviour: Self.fails))
        bench.run(20)
        let pod = try #require(bench.pods().first?.metadataName)
        #expect(
            bench.get(.jobs, "job")?.condition("Failed")?["message"]?.string
                == "Container c for pod shop/\(pod) failed with exit code 3 matching FailJob rule at index 0")
    }

    @Test func anIndexGivesUpByItself() throws {
        var bench = Bench(nodes: 2)
        let indexed = "  completions: 3\n  parallelism: 3\n  completionMode: Indexed\n  backoffLimitPerIndex: 1"
        // Index 1 fails each time, the others succeed.
        let behaviour = "c: {exit: {code: 0, after: 2s}, when: [{env: JOB_COMPLETION_INDEX, is: '1', then: {exit: {code: 3, after: 2s}}}]}"
        try bench.apply(yaml: job("job", indexed, behaviour: behaviour))
        bench.run(12)
        let early = bench.get(.jobs, "job")
        #expect(early?["status"]?["completedIndexes"]?.string == "0,2")
        #expect(early?["status"]?["failedIndexes"]?.string == "")
        #expect(early?.condition("Failed") == nil)
        bench.run(60)
        #expect(bench.get(.jobs, "job")?["status"]?["failedIndexes"]?.string == "1")
        #expect(bench.get(.jobs, "job")?["status"]?["failed"]?.int == 2)
        #expect(condition(bench, "Failed") == "True FailedIndexes")
        #expect(bench.messages("FailedIndexes") == ["Job has failed indexes"])
        let counts = bench.pods().filter { $0.labels[JobIndex.label] == "1" }.compactMap {
            $0["metadata"]?["annotations"]?["batch.kubernetes.io/job-index-failure-count"]?.string
        }
        #expect(counts.sorted() == ["0", "1"])
    }

    @Test func tooManyFailedIndexesEndTheJob() throws {
        var bench = Bench(nodes: 2)
        let indexed = "  completions: 4\n  parallelism: 4\n  completionMode: Indexed\n  backoffLimitPerIndex: 0\n  maxFailedIndexes: 2"
        try bench.apply(yaml: job("job", indexed, behaviour: Self.fails))
        bench.run(60)
        #expect(condition(bench, "Failed") == "True MaxFailedIndexesExceeded")
        #expect(bench.messages("MaxFailedIndexesExceeded") == ["Job has exceeded the specified maximal number of failed indexes"])
    }

    @Test func aSuccessPolicyEndsItEarly() throws {
        var bench = Bench(nodes: 2)
        let policy = "  completions: 3\n  parallelism: 3\n  completionMode: Indexed\n  successPolicy: {rules: [{succeededIndexes: '0'}]}"
        let behaviour = "c: {stop: never, when: [{env: JOB_COMPLETION_INDEX, is: '0', then: {exit: {code: 0, after: 2s}}}]}"
        try bench.apply(yaml: job("job", policy, behaviour: behaviour))
        bench.run(60)
        #expect(condition(bench, "SuccessCriteriaMet") == "True SuccessPolicy")
        #expect(condition(bench, "Complete") == "True SuccessPolicy")
        #expect(bench.get(.jobs, "job")?.condition("Complete")?["message"]?.string == "Matched rules at index 0")
        #expect(bench.get(.jobs, "job")?["status"]?["succeeded"]?.int == 1)
    }

    // MARK: CronJobs

    private func cronJob(_ spec: String, behaviour: String = succeeds) -> String {
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: tick, namespace: shop}
        spec:
        \(spec)
          jobTemplate:
            spec:
              template:
                metadata: {annotations: {twin.martlet/behaviour: "\(behaviour)"}}
                spec: {restartPolicy: Never, containers: [{name: c, image: "registry.example.com/a/b:1"}]}
        """
    }

    private func jobs(_ bench: Bench) -> [String] { bench.store.list(.jobs, namespace: "shop").map(\.metadataName) }

    @Test func aCronJobStartsJobsAndKeepsAFew() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: cronJob("  schedule: '*/1 * * * *'\n  successfulJobsHistoryLimit: 2"))
        for _ in 0..<25 { bench.run(15) }
        let minute = bench.now.wholeSeconds / 60
        #expect(jobs(bench) == ["tick-\(minute - 1)", "tick-\(minute)"])
        #expect(bench.messages("SawCompletedJob").first?.hasPrefix("Saw completed job: tick-") == true)
        #expect(bench.messages("SuccessfulDelete").contains { $0.hasPrefix("Deleted job tick-") })
        let status = bench.get(.cronJobs, "tick")?["status"]
        #expect(status?["lastScheduleTime"]?.string == Timestamp(seconds: minute * 60).rfc3339())
        #expect(status?["active"] == nil)
    }

    @Test func concurrencyIsAllowedForbiddenOrReplaces() throws {
        for (policy, count) in [("Allow", 3), ("Forbid", 1), ("Replace", 1)] {
            var bench = Bench(nodes: 2)
            try bench.apply(
                yaml: cronJob("  schedule: '*/1 * * * *'\n  concurrencyPolicy: \(policy)", behaviour: "c: {}"))
            for _ in 0..<14 { bench.run(15) }
            #expect(jobs(bench).count == count, "\(policy)")
            #expect(bench.reasons().contains("JobAlreadyActive") == (policy == "Forbid"))
        }
    }

    @Test func aScheduleThatCannotBeIsSaid() throws {
        var bench = Bench(nodes: 1)
        try bench.apply(yaml: cronJob("  schedule: '0 0 30 2 *'"))
        #expect(
            bench.messages("InvalidSchedule")
                == ["invalid schedule: 0 0 30 2 * : time difference between two schedules is less than 1 second"])
    }
}
