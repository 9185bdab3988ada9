package import Core

/// Replica counts computed from metrics, and the groups that pods fall into (`hpa-replica-calculator.json`).
package enum ReplicaTable: ConformanceTable {
    package static func recognises(_ document: JSON) -> Bool { document["replicaCalculator"] != nil || document["groupPods"] != nil }

    package static func evaluate(_ document: JSON) -> [EvaluationCase] {
        (document["replicaCalculator"]?.array ?? []).map { replicas($0) } + (document["groupPods"]?.array ?? []).map { groups($0) }
    }

    // MARK: Replica counts

    private static func replicas(_ row: JSON) -> EvaluationCase {
        let name = TableRow.name("replicaCalculator", row)
        let kind = row["metricKind"]?.string ?? ""
        do {
            let proposal = try propose(row, kind)
            var differences = TableRow.compare(row["expectedReplicas"], JSON(proposal.replicas), at: "replicas")
            differences += TableRow.compare(
                row["expectedUtilizationPercent"], proposal.utilization.map { JSON($0) }, at: "utilization")
            differences += TableRow.compare(row["expectedRawAverageMilli"], JSON(proposal.usage), at: "average")
            differences += TableRow.compare(row["expectedMetricMilli"], JSON(proposal.usage), at: "metric")
            differences += TableRow.compare(row["expectedErrorContains"], nil, at: "error")
            return EvaluationCase(name, differences: differences)
        } catch {
            let expected = row["expectedErrorContains"]?.string
            if let expected, error.message.contains(expected) { return EvaluationCase(name, .agrees) }
            return EvaluationCase(
                name, differences: [.init("error", expected: row["expectedErrorContains"], found: .string(error.message))])
        }
    }

    private static func propose(_ row: JSON, _ kind: String) throws(AutoscalingFailure) -> ReplicaCalculator.Proposal {
        let calculator = ReplicaCalculator(
            tolerance: tolerance(row["tolerance"]), startUp: TableRow.startUp, now: TableRow.now)
        let current = row["currentReplicas"]?.int ?? 0
        let pods = pods(row, atLeast: current)
        let target = row["targetMilli"]?.int ?? 0
        let levels = (row["levelsMilli"]?.array ?? []).map { $0.int ?? 0 }
        let sum = levels.reduce(0, +)
        switch kind {
        case "resource":
            let resource = row["resource"]?.string ?? "cpu"
            let container = row["container"]?.string
            let samples = usage(row, container)
            if samples.isEmpty {
                throw AutoscalingFailure(AutoscalerTexts.resourceUnavailable(resource, AutoscalerTexts.noResourceMetrics()))
            }
            if let percent = row["targetUtilizationPercent"]?.int {
                return try calculator.utilization(
                    replicas: current, target: percent, resource: resource, container: container, pods: pods, samples: samples)
            }
            return try calculator.average(
                replicas: current, target: target, resource: resource, pods: pods, samples: samples)
        case "pods":
            let samples = levels.enumerated().map { (podName($0.offset), sample($0.element)) }
            return try calculator.average(
                replicas: current, target: target, resource: nil, pods: pods, samples: Dictionary(uniqueKeysWithValues: samples))
        case "object", "external": return try calculator.value(replicas: current, usage: sum, target: target, pods: pods)
        case "objectPerPod", "externalPerPod": return calculator.valuePerReplica(replicas: current, usage: sum, target: target)
        default: throw AutoscalingFailure("the table's metric kind \(kind) is not known")
        }
    }

    private static func tolerance(_ value: JSON?) -> ScalingTolerance {
        let both = value?.double ?? 0.1
        return ScalingTolerance(up: value?["scaleUp"]?.double ?? both, down: value?["scaleDown"]?.double ?? both)
    }

    private static func podName(_ i: Int) -> String { "test-pod-\(i)" }

    private static func sample(_ milli: Int) -> MetricSample { MetricSample(milli: milli, time: TableRow.now, window: .seconds(60)) }

    /// A table may say any number; more pods than this no cluster has.
    private static let mostPods = 200_000

    /// Every pod has two containers with the same request.
    private static func pods(_ row: JSON, atLeast count: Int) -> [PodSample] {
        let requests = row["containerRequestMilliPerPod"]?.array ?? []
        let ready = row["podReady"]?.array ?? []
        let phases = row["podPhase"]?.array ?? []
        let starts = row["podStart"]?.array ?? []
        let resource = row["resource"]?.string ?? "cpu"
        let deleting = (row["podDeleting"] ?? row["podDeletionTimestamp"])?.array ?? []
        return (0..<max(min(count, mostPods), requests.count, ready.count, phases.count)).map { i in
            let start = TableRow.start(starts.indices.contains(i) ? starts[i] : nil)
            let isReady = ready.indices.contains(i) ? ready[i].bool ?? true : true
            return PodSample(
                name: podName(i), phase: TableRow.phase(phases.indices.contains(i) ? phases[i] : nil),
                isDeleting: deleting.indices.contains(i) && deleting[i].bool == true, started: start,
                ready: PodSample.Readiness(status: isReady ? "True" : "False", since: start),
                requests: ["container1", "container2"].map {
                    PodSample.ContainerRequest(
                        container: $0, milli: requests.indices.contains(i) ? [resource: requests[i].int ?? 0] : [:])
                })
        }
    }

    private static func usage(_ row: JSON, _ container: String?) -> [String: MetricSample] {
        var result: [String: MetricSample] = [:]
        let names = row["metricPodNames"]?.array ?? []
        for (i, levels) in (row["containerUsageMilli"]?.array ?? []).enumerated() {
            let levels = (levels.array ?? [levels]).map { $0.int ?? 0 }
            let chosen = container.flatMap { Int($0.drop { !$0.isNumber }) }
            let used = chosen.map { levels.indices.contains($0 - 1) ? levels[$0 - 1] : 0 } ?? levels.reduce(0, +)
            result[names.indices.contains(i) ? names[i].string ?? podName(i) : podName(i)] = sample(used)
        }
        return result
    }

    // MARK: Groups of pods

    private static func groups(_ row: JSON) -> EvaluationCase {
        let pods = (row["pods"]?.array ?? []).map { pod in
            let ready = pod["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
            return PodSample(
                name: pod["name"]?.string ?? "", phase: TableRow.phase(pod["phase"]),
                isDeleting: (pod["deleting"] ?? pod["deletionTimestamp"])?.bool == true || pod["deletionTimestamp"]?.string != nil,
                started: pod["startedSecondsAgo"].flatMap { $0.isNull ? nil : TableRow.ago($0) },
                ready: ready.map {
                    PodSample.Readiness(status: $0["status"]?.string ?? "", since: TableRow.ago($0["lastTransitionSecondsAgo"]))
                })
        }
        let samples = (row["metrics"]?.object ?? [:]).map { name, value in
            (
                name,
                MetricSample(
                    milli: value["value"]?.int ?? 0, time: TableRow.ago(value["timestampSecondsAgo"]),
                    window: .seconds(value["windowSeconds"]?.double ?? 0))
            )
        }
        let startUp = PodGroups.StartUp(
            cpuInitialization: .seconds(row["cpuInitializationPeriodSeconds"]?.int ?? 120),
            initialReadiness: .seconds(row["delayOfInitialReadinessStatusSeconds"]?.int ?? 10))
        let found = PodGroups(
            pods, samples: Dictionary(samples, uniquingKeysWith: { $1 }), isCPU: row["resource"]?.string == "cpu", startUp: startUp,
            now: TableRow.now)
        func names(_ set: Set<String>) -> JSON { JSON(set.sorted()) }
        func expected(_ key: String) -> JSON? {
            row["expected"]?[key].map { JSON(($0.array ?? []).compactMap(\.string).sorted()) }
        }
        var differences = TableRow.compare(row["expected"]?["readyCount"], JSON(found.counted), at: "readyCount")
        differences += TableRow.compare(expected("unready"), names(found.unready), at: "unready")
        differences += TableRow.compare(expected("missing"), names(found.missing), at: "missing")
        differences += TableRow.compare(expected("ignored"), names(found.ignored), at: "ignored")
        return EvaluationCase(TableRow.name("groupPods", row), differences: differences)
    }
}
