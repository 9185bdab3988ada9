import Core
import Diagnosis

/// What came of the trials: those of faults whose texts were captured from a real cluster apart from the others, then all together.
struct TrialTally {
    private struct Count {
        var trials = 0, right = 0, amongThree = 0, strangers = 0
        var wrong: [String: Int] = [:]
    }
    private var counts: [Bool: Count] = [:]
    private var trials = 0
    private var honest = 0
    private var dishonest: [String: Int] = [:]
    /// Of the answers that were given first: how sure, and whether right.
    private var answers: [(confidence: Double, isRight: Bool)] = []
    private var costs: [Double] = []

    mutating func add(_ slug: String, _ result: TrialResult) {
        let captured = Self.captured.contains(slug)
        var count = counts[captured] ?? Count()
        count.trials += 1
        count.strangers += result.strangers.count
        if result.isAmongThree { count.amongThree += 1 }
        if result.isRight { count.right += 1 } else { count.wrong[slug, default: 0] += 1 }
        counts[captured] = count
        trials += 1
        if result.isHonestWhenBlind { honest += 1 } else { dishonest[slug, default: 0] += 1 }
        if let first = result.first, !first.isUndecided { answers.append((first.confidence, result.isRight)) }
        costs.append(result.cost)
    }

    /// A trial that could not be made counts as one that was answered wrongly.
    mutating func addFailure(of slug: String) {
        var count = counts[Self.captured.contains(slug)] ?? Count()
        count.trials += 1
        count.wrong[slug, default: 0] += 1
        counts[Self.captured.contains(slug)] = count
        trials += 1
        dishonest[slug, default: 0] += 1
    }

    // MARK: Figures

    func figures() -> [Figure] {
        guard trials > 0 else { return [] }
        let right = answers.filter(\.isRight)
        let sure = right.count { $0.confidence >= 0.8 }
        return [true, false].compactMap(rightAnswers) + [
            share("faults-honest-without-its-rules", honest, of: trials, least: 0.9, ["confidentlyWrong": Self.table(dishonest)]),
            share("faults-right-and-sure", sure, of: right.count, least: 0.9, ["confidence": 0.8]),
            Figure(
                name: "faults-reliability", value: calibrationError, unit: "mean distance of confidence and share of right answers",
                more: ["bins": reliability]),
            Figure(
                name: "faults-diagnosis-median", value: (costs.sorted().dropFirst(costs.count / 2).first ?? 0) * 1000,
                unit: "ms of the processor"),
        ]
    }

    private func rightAnswers(captured: Bool) -> Figure? {
        guard let count = counts[captured] else { return nil }
        return share(
            captured ? "faults-right-captured" : "faults-right-other", count.right, of: count.trials, least: 0.98,
            ["amongThree": JSON(count.amongThree), "otherIncidents": JSON(count.strangers), "wrong": Self.table(count.wrong)])
    }

    private func share(_ name: String, _ part: Int, of whole: Int, least: Double, _ more: JSONObject) -> Figure {
        let value = whole == 0 ? 0 : Double(part) / Double(whole)
        var all: JSONObject = ["least": .number(least), "met": .bool(value >= least), "count": JSON(part), "of": JSON(whole)]
        for (key, entry) in more { all[key] = entry }
        return Figure(name: name, value: value, unit: "share of trials", more: all)
    }

    private static func table(_ counts: [String: Int]) -> JSON {
        var table: JSON = [:]
        for slug in counts.keys.sorted() { table[slug] = JSON(counts[slug] ?? 0) }
        return table
    }

    // MARK: Reliability

    private static let edges = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01]

    /// Of each bin of confidence: how many answers, their mean confidence, and the share that was right.
    private var bins: [(low: Double, count: Int, confidence: Double, right: Double)] {
        zip(Self.edges, Self.edges.dropFirst()).compactMap { low, high in
            let here = answers.filter { $0.confidence >= low && $0.confidence < high }
            guard !here.isEmpty else { return nil }
            let count = Double(here.count)
            return (low, here.count, here.reduce(0) { $0 + $1.confidence } / count, Double(here.count(where: \.isRight)) / count)
        }
    }

    private var reliability: JSON {
        .array(
            bins.map {
                [
                    "from": .number($0.low), "answers": JSON($0.count), "meanConfidence": .number(Figure.round($0.confidence)),
                    "right": .number(Figure.round($0.right)),
                ]
            })
    }

    /// Weighted by the answers in each bin (expected calibration error, Naeini et al. 2015).
    private var calibrationError: Double {
        guard !answers.isEmpty else { return 0 }
        return bins.reduce(0) { $0 + Double($1.count) * abs($1.confidence - $1.right) } / Double(answers.count)
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
