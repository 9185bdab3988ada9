import ArgumentParser
import Core
import Diagnosis
import KubernetesDiagnosis
import Twin

/// Injects every fault into a simulated cluster, some times over, and counts what diagnosis makes of it.
struct FaultTrialsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "faults")

    @Option(help: .hidden) var seeds = 3
    @Option(help: .hidden) var fault: [String] = []
    /// One line a trial instead of the figures.
    @Flag(help: .hidden) var trials = false

    func run() async throws {
        let chosen = FaultRegistry.all.filter { fault.isEmpty || fault.contains($0.slug) }
        var tally = TrialTally()
        for fault in chosen {
            for seed in 1...UInt64(max(1, seeds)) {
                do {
                    let result = try await FaultTrial(fault: fault, seed: seed).run()
                    tally.add(fault.slug, result)
                    if trials { Terminal.printLine(Self.line(fault.slug, seed, result).text()) }
                } catch let error as MartletError {
                    throw MartletError(error.code, "\(fault.slug), seed \(seed): \(error.message)", fix: error.fix)
                }
            }
        }
        for figure in tally.figures() { figure.print() }
    }

    private static func line(_ slug: String, _ seed: UInt64, _ result: FaultTrial.Result) -> JSON {
        var line: JSON = [
            "fault": .string(slug), "seed": JSON(Int(seed)), "right": .bool(result.isRight), "truth": .string(result.truth.resource),
            "ms": .number(Figure.round(result.cost * 1000)), "honestWhenBlind": .bool(result.isHonestWhenBlind),
            "blind": result.blind.causes.first.map {
                .string("\($0.category) \($0.resource.resource) \(($0.confidence * 100).rounded() / 100)")
            } ?? .null,
        ]
        line["incidents"] = .array(
            result.report.causes.prefix(5).map { cause in
                [
                    "category": .string(cause.category), "resource": .string(cause.resource.resource),
                    "confidence": .number((cause.confidence * 100).rounded() / 100), "text": .string(cause.text),
                ]
            })
        return line
    }
}

/// What came of the trials, those of faults whose texts were captured from a real cluster apart from the others.
struct TrialTally {
    private struct Count {
        var trials = 0, right = 0, amongThree = 0, confident = 0, strangers = 0, honest = 0
        var wrong: [String: Int] = [:]
    }
    private var counts: [Bool: Count] = [:]

    mutating func add(_ slug: String, _ result: FaultTrial.Result) {
        let captured = Self.captured.contains(slug)
        var count = counts[captured] ?? Count()
        count.trials += 1
        count.strangers += result.strangers.count
        if result.isHonestWhenBlind { count.honest += 1 }
        if result.isAmongThree { count.amongThree += 1 }
        if result.isRight {
            count.right += 1
            if (result.first?.confidence ?? 0) >= 0.8 { count.confident += 1 }
        } else {
            count.wrong[slug, default: 0] += 1
        }
        counts[captured] = count
    }

    func figures() -> [Figure] {
        [true, false].compactMap { captured in
            guard let count = counts[captured], count.trials > 0 else { return nil }
            let share = Double(count.right) / Double(count.trials)
            var wrong: JSON = [:]
            for slug in count.wrong.keys.sorted() { wrong[slug] = JSON(count.wrong[slug] ?? 0) }
            return Figure(
                name: captured ? "faults-right-captured" : "faults-right-other", value: share, unit: "share of trials",
                more: [
                    "least": 0.98, "met": .bool(share >= 0.98), "trials": JSON(count.trials), "right": JSON(count.right),
                    "amongThree": JSON(count.amongThree), "rightWithConfidence0.8": JSON(count.confident),
                    "honestWithoutItsRules": JSON(count.honest), "otherIncidents": JSON(count.strangers), "wrong": wrong,
                ])
        }
    }

    /// Faults of which a captured case exists, so that the words they show themselves by are those of a real cluster.
    static let captured: Set<String> = [
        "admission-webhook-failing", "anti-affinity", "apiservice-unavailable", "app-crash", "bad-config", "cluster-dns-down",
        "command-not-found", "completes-in-deployment", "config-key-missing", "configmap-missing", "controller-manager-down",
        "cpu-throttled", "cronjob-bad-schedule", "cronjob-failing", "cronjob-suspended", "dns-name-not-found", "evicted-ephemeral-storage",
        "hpa-at-max", "hpa-missing-requests", "hpa-no-metrics", "image-auth", "image-name-invalid", "image-not-found",
        "image-registry-unreachable", "image-tag-not-found", "ingress-backend-missing", "ingress-class-missing", "init-container-failing",
        "insufficient-cpu", "insufficient-memory", "job-backoff-exceeded", "liveness-probe-failing", "liveness-probe-too-early",
        "missing-env", "namespace-stuck-finalizer", "node-disk-pressure", "node-network-not-ready", "node-not-ready",
        "node-selector-mismatch", "oom-killed", "pdb-blocking", "permission-denied", "pod-security-violation", "pod-slow-termination",
        "preempted", "pvc-no-volume", "pvc-storageclass-missing", "pvc-stuck-terminating", "quota-exceeded", "rbac-forbidden",
        "read-only-filesystem", "readiness-probe-failing", "rollout-paused", "rollout-stuck", "run-as-non-root", "scaled-to-zero",
        "scheduler-down", "scheduling-gated", "secret-missing", "service-selector-mismatch", "service-wrong-target-port",
        "serviceaccount-missing", "startup-probe-failing", "taint-not-tolerated", "volume-configmap-missing", "volume-hostpath-missing",
    ]
}
