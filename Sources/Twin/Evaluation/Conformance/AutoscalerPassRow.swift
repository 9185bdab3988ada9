import Core

/// One row of `endToEnd`: an autoscaler, its target's pods and their metrics, run through a whole pass of ``Autoscaler``.
struct AutoscalerPassRow {
    private let row: JSON
    private let name: String

    init(_ row: JSON) {
        self.row = row
        name = row["name"]?.string ?? ""
    }

    var differences: [EvaluationCase.Difference] {
        var memory = Autoscaler.Memory()
        memory.recommendations = ScalingBehaviourTable.recommendations(row["recommendations"])
        // An empty list takes away the hold that the first pass puts on a shrinking target.
        if row["recommendations"]?.array?.isEmpty == true {
            memory.recommendations.entries = [Recommendations.Entry(replicas: 0, time: TableRow.now - .seconds(86_400))]
        }
        let specReplicas = row["specReplicas"]?.int ?? 0
        let target = ScaleTarget(
            specReplicas: specReplicas, statusReplicas: row["statusReplicas"]?.int ?? specReplicas, pods: pods, namespace: "test",
            selectorFault: selectorFault)
        var scaled: Int?
        var pass = Autoscaler(["spec": spec], memory: memory, startUp: TableRow.startUp, now: TableRow.now)
        pass.run(fault("FailedGetScale").map { .failure($0) } ?? .success(target), source) { replicas throws(AutoscalingFailure) in
            if let failure = fault("FailedUpdateScale") { throw failure }
            scaled = replicas
        }
        var result = TableRow.compare(row["expectedDesiredReplicas"], JSON(scaled ?? specReplicas), at: "replicas")
        if let expected = row["CPUCurrent"] {
            let found = pass.object["status"]?["currentMetrics"]?.array?.compactMap {
                $0["resource"]?["current"]?["averageUtilization"]
            }.first
            result += TableRow.compare(expected, found, at: "currentUtilization")
        }
        // Of several conditions of a type the last one holds.
        var conditions: [String: JSON] = [:]
        for condition in row["expectedConditionOverrides"]?.array ?? [] { conditions[condition["type"]?.string ?? ""] = condition }
        for (type, condition) in conditions.sorted(by: { $0.key < $1.key }) {
            let found = pass.object.condition(type)
            let status = condition["status"]?.string.map { JSON.string($0.hasPrefix("Condition") ? String($0.dropFirst(9)) : $0) }
            result += TableRow.compare(condition["reason"], found?["reason"], at: "conditions.\(type).reason")
            result += TableRow.compare(status, found?["status"], at: "conditions.\(type).status")
        }
        return result
    }

    /// The table says only by a row's name that a call of the recorded test failed.
    private func fault(_ call: String) -> AutoscalingFailure? {
        name.contains(call) ? AutoscalingFailure("the recorded test made this call fail") : nil
    }

    /// As well only by its name that the target has no selector that can be read, or one that reaches the pods of another autoscaler.
    private var selectorFault: ScaleTarget.SelectorFault? {
        if name.contains("InvalidSelector") { return .missing }
        guard name.contains("AmbiguousSelector"), !name.contains("NoAmbiguousSelector") else { return nil }
        return .ambiguous(selector: "name=test", autoscalers: ["test/test-hpa", "test/test-hpa-2"])
    }

    private func own(_ key: String, _ i: Int) -> JSON? {
        guard let list = row[key]?.array, list.indices.contains(i) else { return nil }
        return list[i]
    }

    private var usesPercent: Bool { (row["CPUTarget"]?.int ?? 0) > 0 }

    // MARK: The autoscaler

    private var spec: JSON {
        var spec: JSON = ["maxReplicas": row["maxReplicas"] ?? 1]
        spec["minReplicas"] = row["minReplicas"]
        var metrics: [JSON] = []
        if usesPercent, let percent = row["CPUTarget"] {
            metrics.append([
                "type": "Resource",
                "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": percent]],
            ])
        }
        metrics += (row["metricsTarget"]?.array ?? []).map { Self.asWritten($0) }
        spec["metrics"] = .array(metrics)
        var behavior: JSON = [:]
        for (key, field) in [("scaleUpRules", "scaleUp"), ("scaleDownRules", "scaleDown")] {
            if let rules = row[key], !rules.isNull { behavior[field] = rules }
        }
        if behavior != [:] { spec["behavior"] = behavior }
        return spec
    }

    /// A metric with Go's names as the API writes it.
    private static func asWritten(_ value: JSON) -> JSON {
        switch value {
        case .array(let items): return .array(items.map { asWritten($0) })
        case .object(let members):
            var result: JSON = [:]
            for (key, member) in members {
                let lower = key == "APIVersion" ? "apiVersion" : key.prefix(1).lowercased() + key.dropFirst()
                result[lower] = asWritten(member)
            }
            return result
        case .string(let text):
            for suffix in ["MetricSourceType", "MetricType"] where text.hasSuffix(suffix) {
                return .string(String(text.dropLast(suffix.count)))
            }
            return text.hasPrefix("Resource") ? .string(text.dropFirst(8).lowercased()) : value
        default: return value
        }
    }

    // MARK: The target and its metrics

    private var pods: [PodSample] {
        let count = row["reportedCPURequests"]?.array?.count ?? row["statusReplicas"]?.int ?? 0
        return (0..<count).map { i in
            let start = TableRow.start(own("reportedPodStartTime", i))
            let isReady = own("reportedPodReadiness", i)?.bool ?? true
            let request = own("reportedCPURequests", i).map { Int(Amount.milli($0)) } ?? 1000
            return PodSample(
                name: "test-pod-\(i)", phase: TableRow.phase(own("reportedPodPhase", i)),
                isDeleting: own("reportedPodDeletionTimestamp", i)?.bool == true, started: start,
                ready: PodSample.Readiness(status: isReady ? "True" : "False", since: start),
                requests: ["container1", "container2"].map { PodSample.ContainerRequest(container: $0, milli: ["cpu": request]) })
        }
    }

    private var source: RowMetrics {
        RowMetrics(
            levels: (row["reportedLevels"]?.array ?? []).map { $0.int ?? 0 }, hasExternal: !usesPercent,
            failure: fault("FailedGetMetrics"))
    }

    /// The row's levels: of every container and of every pod's custom metrics; or of an external metric where no pod is measured.
    private struct RowMetrics: MetricSource {
        let levels: [Int]
        let hasExternal: Bool
        let failure: AutoscalingFailure?

        private func samples(_ factor: Int, _ nothing: Template) throws(AutoscalingFailure) -> [String: MetricSample] {
            if let failure { throw failure }
            if levels.isEmpty { throw AutoscalingFailure(nothing()) }
            return Dictionary(
                uniqueKeysWithValues: levels.enumerated().map {
                    ("test-pod-\($0.offset)", MetricSample(milli: $0.element * factor, time: TableRow.now, window: .seconds(60)))
                })
        }

        func resource(_ name: String, container: String?) throws(AutoscalingFailure) -> [String: MetricSample] {
            try samples(container == nil ? 2 : 1, AutoscalerTexts.noResourceMetrics)
        }

        func pods(_ metric: String, selector: JSON?) throws(AutoscalingFailure) -> [String: MetricSample] {
            try samples(1, AutoscalerTexts.noCustomMetrics)
        }

        func object(_ metric: String, described: JSON, selector: JSON?) throws(AutoscalingFailure) -> Int {
            if let failure { throw failure }
            guard let level = levels.first else { throw AutoscalingFailure(AutoscalerTexts.noCustomMetrics()) }
            return level
        }

        func external(_ metric: String, selector: JSON?) throws(AutoscalingFailure) -> [Int] {
            if let failure { throw failure }
            guard hasExternal, !levels.isEmpty else { throw AutoscalingFailure(AutoscalerTexts.noExternalMetrics()) }
            return levels
        }
    }
}
