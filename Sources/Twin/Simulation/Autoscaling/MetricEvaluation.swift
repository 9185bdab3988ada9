import Core
import Kubernetes

/// One entry of `spec.metrics` worked out: the count it asks for, what it is called in reasons, and its `status.currentMetrics`.
struct MetricEvaluation {
    var replicas: Int
    var name: String
    var status: JSON

    /// Why an entry could not be worked out: the reason and text of its event and condition, and the text of the whole.
    struct Failure: Error {
        let reason: String
        let cause: AutoscalingFailure
        let whole: AutoscalingFailure
    }

    static func of(
        _ metric: JSON, _ target: ScaleTarget, _ calculator: ReplicaCalculator, _ source: some MetricSource
    ) throws(Failure) -> MetricEvaluation {
        let type = metric["type"]?.string ?? ""
        func run(
            _ reason: String, _ whole: (String) -> String, _ body: () throws(AutoscalingFailure) -> MetricEvaluation
        ) throws(Failure) -> MetricEvaluation {
            do { return try body() } catch {
                throw Failure(reason: reason, cause: error, whole: AutoscalingFailure(whole(error.message)))
            }
        }
        switch type {
        case "Resource":
            let entry = metric["resource"] ?? [:]
            let name = entry["name"]?.string ?? ""
            return try run("FailedGetResourceMetric", { AutoscalerTexts.resourceFailed(name, $0) }) { () throws(AutoscalingFailure) in
                try resource(type, "resource", entry, container: nil, target, calculator, source)
            }
        case "ContainerResource":
            let entry = metric["containerResource"] ?? [:]
            let name = entry["name"]?.string ?? ""
            return try run("FailedGetContainerResourceMetric", { AutoscalerTexts.containerFailed(name, $0) }) {
                () throws(AutoscalingFailure) in
                try resource(type, "containerResource", entry, container: entry["container"]?.string, target, calculator, source)
            }
        case "Pods":
            return try run("FailedGetPodsMetric", { AutoscalerTexts.podsFailed($0) }) { () throws(AutoscalingFailure) in
                try pods(metric["pods"] ?? [:], target, calculator, source)
            }
        case "Object":
            return try run("FailedGetObjectMetric", { AutoscalerTexts.objectFailed($0) }) { () throws(AutoscalingFailure) in
                try object(metric["object"] ?? [:], target, calculator, source)
            }
        case "External":
            let entry = metric["external"] ?? [:]
            let name = entry["metric"]?["name"]?.string ?? ""
            return try run("FailedGetExternalMetric", { AutoscalerTexts.externalFailed(name, $0) }) { () throws(AutoscalingFailure) in
                try external(entry, target, calculator, source)
            }
        default:
            let failure = AutoscalingFailure(AutoscalerTexts.unknownMetric(type))
            throw Failure(reason: "InvalidMetricSourceType", cause: failure, whole: failure)
        }
    }

    /// Amounts are written as `NewMilliQuantity` does: the largest decimal suffix that keeps them whole.
    static func quantity(_ milli: Int) -> JSON { .string(Quantity(milli: milli).description) }

    private static func resource(
        _ type: String, _ field: String, _ entry: JSON, container: String?, _ target: ScaleTarget, _ calculator: ReplicaCalculator,
        _ source: some MetricSource
    ) throws(AutoscalingFailure) -> MetricEvaluation {
        let name = entry["name"]?.string ?? ""
        func samples() throws(AutoscalingFailure) -> [String: MetricSample] {
            do { return try source.resource(name, container: container) } catch {
                throw AutoscalingFailure(AutoscalerTexts.resourceUnavailable(name, error.message))
            }
        }
        var current: JSON = [:]
        let proposal: ReplicaCalculator.Proposal
        let label: String
        if let wanted = entry["target"]?["averageValue"] {
            do {
                proposal = try calculator.average(
                    replicas: target.specReplicas, target: Int(Amount.milli(wanted)), resource: name, pods: target.pods,
                    samples: samples())
            } catch { throw AutoscalingFailure(AutoscalerTexts.usageFailed(name, error.message)) }
            label = AutoscalerTexts.resourceMetric(name)
            current["averageValue"] = quantity(proposal.usage)
        } else if let percent = entry["target"]?["averageUtilization"]?.int {
            do {
                proposal = try calculator.utilization(
                    replicas: target.specReplicas, target: percent, resource: name, container: container, pods: target.pods,
                    samples: samples())
            } catch { throw AutoscalingFailure(AutoscalerTexts.utilizationFailed(name, error.message)) }
            label = (container == nil ? AutoscalerTexts.utilizationMetric : AutoscalerTexts.containerMetric)(name)
            current["averageValue"] = quantity(proposal.usage)
            current["averageUtilization"] = JSON(proposal.utilization ?? 0)
        } else {
            throw AutoscalingFailure(
                AutoscalerTexts.noTarget("resource", "an average utilization target", "an average value (usage)"))
        }
        var status: JSON = ["name": .string(name)]
        status.set("container", container)
        status["current"] = current
        return MetricEvaluation(replicas: proposal.replicas, name: label, status: ["type": .string(type), .init(field): status])
    }

    private static func pods(
        _ entry: JSON, _ target: ScaleTarget, _ calculator: ReplicaCalculator, _ source: some MetricSource
    ) throws(AutoscalingFailure) -> MetricEvaluation {
        let name = entry["metric"]?["name"]?.string ?? ""
        let samples: [String: MetricSample]
        do { samples = try source.pods(name, selector: entry["metric"]?["selector"]) } catch {
            throw AutoscalingFailure(AutoscalerTexts.metricUnavailable(name, error.message))
        }
        let proposal = try calculator.average(
            replicas: target.specReplicas, target: Int(Amount.milli(entry["target"]?["averageValue"])), resource: nil, pods: target.pods,
            samples: samples)
        return MetricEvaluation(
            replicas: proposal.replicas, name: AutoscalerTexts.podsMetric(name),
            status: [
                "type": "Pods",
                "pods": ["metric": entry["metric"] ?? [:], "current": ["averageValue": quantity(proposal.usage)]],
            ])
    }

    private static func object(
        _ entry: JSON, _ target: ScaleTarget, _ calculator: ReplicaCalculator, _ source: some MetricSource
    ) throws(AutoscalingFailure) -> MetricEvaluation {
        let name = entry["metric"]?["name"]?.string ?? ""
        let described = entry["describedObject"] ?? [:]
        let kind = described["kind"]?.string ?? ""
        guard entry["target"]?["value"] != nil || entry["target"]?["averageValue"] != nil else {
            throw AutoscalingFailure(AutoscalerTexts.noTarget("object", "a value target", "an average value"))
        }
        let usage: Int
        do { usage = try source.object(name, described: described, selector: entry["metric"]?["selector"]) } catch {
            throw AutoscalingFailure(
                AutoscalerTexts.objectUnavailable(name, kind, target.namespace, described["name"]?.string ?? "", error.message))
        }
        let (proposal, current) = try share(usage, entry["target"], target, calculator)
        let label =
            entry["target"]?["value"] != nil ? AutoscalerTexts.objectMetric(kind, name) : externalLabel(entry["metric"] ?? [:])
        return MetricEvaluation(
            replicas: proposal.replicas, name: label,
            status: ["type": "Object", "object": ["metric": entry["metric"] ?? [:], "current": current, "describedObject": described]])
    }

    private static func external(
        _ entry: JSON, _ target: ScaleTarget, _ calculator: ReplicaCalculator, _ source: some MetricSource
    ) throws(AutoscalingFailure) -> MetricEvaluation {
        let metric = entry["metric"] ?? [:]
        let name = metric["name"]?.string ?? ""
        let isShared = entry["target"]?["averageValue"] != nil
        guard isShared || entry["target"]?["value"] != nil else {
            throw AutoscalingFailure(AutoscalerTexts.noTarget("external", "a value target", "an average value"))
        }
        do throws(AutoscalingFailure) {
            let series: [Int]
            do { series = try source.external(name, selector: metric["selector"]) } catch {
                throw AutoscalingFailure(
                    AutoscalerTexts.externalUnavailable(target.namespace, name, selectorText(metric["selector"]), error.message))
            }
            let (proposal, current) = try share(series.reduce(0, +), entry["target"], target, calculator)
            return MetricEvaluation(
                replicas: proposal.replicas, name: externalLabel(metric),
                status: ["type": "External", "external": ["metric": metric, "current": current]])
        } catch {
            throw AutoscalingFailure(
                (isShared ? AutoscalerTexts.externalAverageFailed : AutoscalerTexts.externalMetricFailed)(name, error.message))
        }
    }

    /// One value against the target's `value`, or shared by the replicas against its `averageValue`.
    private static func share(
        _ usage: Int, _ wanted: JSON?, _ target: ScaleTarget, _ calculator: ReplicaCalculator
    ) throws(AutoscalingFailure) -> (ReplicaCalculator.Proposal, JSON) {
        if let value = wanted?["value"] {
            let proposal = try calculator.value(
                replicas: target.specReplicas, usage: usage, target: Int(Amount.milli(value)), pods: target.pods)
            return (proposal, ["value": quantity(proposal.usage)])
        }
        let proposal = calculator.valuePerReplica(
            replicas: target.statusReplicas, usage: usage, target: Int(Amount.milli(wanted?["averageValue"])))
        return (proposal, ["averageValue": quantity(proposal.usage)])
    }

    private static func externalLabel(_ metric: JSON) -> String {
        AutoscalerTexts.externalMetric(metric["name"]?.string ?? "", selectorText(metric["selector"]))
    }

    /// A label selector as Go prints one.
    static func selectorText(_ selector: JSON?) -> String {
        guard let selector else { return "nil" }
        let labels = (selector["matchLabels"]?.stringMap ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)," }.joined()
        let expressions = (selector["matchExpressions"]?.array ?? []).map { expression in
            let values = (expression["values"]?.array ?? []).compactMap(\.string).joined(separator: " ")
            return
                "LabelSelectorRequirement{Key:\(expression["key"]?.string ?? ""),Operator:\(expression["operator"]?.string ?? ""),Values:[\(values)],},"
        }.joined()
        return
            "&LabelSelector{MatchLabels:map[string]string{\(labels)},MatchExpressions:[]LabelSelectorRequirement{\(expressions)},}"
    }
}
