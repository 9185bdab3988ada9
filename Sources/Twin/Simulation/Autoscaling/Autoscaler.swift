package import Core

/// One pass of the horizontal pod autoscaler over one object: metrics, normalisation, conditions, events. A function of values; the
/// controller reads them and writes the outcome (Kubernetes documentation, "Horizontal Pod Autoscaling").
package struct Autoscaler: Sendable {
    /// What the controller remembers of an autoscaler between its passes.
    package struct Memory: Sendable {
        package var recommendations: Recommendations
        package var events: ScaleEvents

        package init(recommendations: Recommendations = Recommendations(), events: ScaleEvents = ScaleEvents()) {
            self.recommendations = recommendations
            self.events = events
        }
    }

    package struct Event: Sendable, Equatable {
        package let type: String
        package let reason: String
        package let message: String
    }

    /// The autoscaler with its new status.
    package private(set) var object: JSON
    package private(set) var events: [Event] = []
    package private(set) var memory: Memory
    private let startUp: PodGroups.StartUp
    private let now: Timestamp
    private let standard: ScalingTolerance
    /// How long a higher recommendation holds where no behaviour says so.
    static let stabilization = Duration.seconds(300)

    package init(
        _ object: JSON, memory: Memory, startUp: PodGroups.StartUp = PodGroups.StartUp(), tolerance: ScalingTolerance = .standard,
        now: Timestamp
    ) {
        self.object = object
        self.memory = memory
        self.startUp = startUp
        self.now = now
        standard = tolerance
    }

    // MARK: The pass

    /// What to scale the target to, if anything; `scale` does it and may fail.
    package mutating func run(
        _ target: Result<ScaleTarget, AutoscalingFailure>, _ source: some MetricSource,
        scale: (Int) throws(AutoscalingFailure) -> Void
    ) {
        switch target {
        case .failure(let failure):
            note("Warning", "FailedGetScale", failure.message)
            set("AbleToScale", "False", "FailedGetScale", AutoscalerTexts.noScale(failure.message))
        case .success(let target):
            set("AbleToScale", "True", "SucceededGetScale", AutoscalerTexts.gotScale())
            run(on: target, source, scale)
        }
    }

    private mutating func run(on target: ScaleTarget, _ source: some MetricSource, _ scale: (Int) throws(AutoscalingFailure) -> Void) {
        let spec = object["spec"]
        let bounds = ReplicaBounds(minimum: spec?["minReplicas"]?.int ?? 1, maximum: spec?["maxReplicas"]?.int ?? 1)
        let current = target.specReplicas
        // A target that has just been taken over is not shrunk at once.
        if memory.recommendations.entries.isEmpty {
            memory.recommendations.entries = [Recommendations.Entry(replicas: current, time: now)]
        }
        var statuses: JSON = .null
        var desired = current
        var reason = ""
        if current == 0, bounds.minimum != 0 {
            set("ScalingActive", "False", "ScalingDisabled", AutoscalerTexts.disabled())
        } else if current > bounds.maximum {
            (desired, reason) = (bounds.maximum, AutoscalerTexts.aboveMaximum())
        } else if current < bounds.minimum {
            (desired, reason) = (bounds.minimum, AutoscalerTexts.belowMinimum())
        } else {
            let (found, list) = compute(target, source)
            statuses = list
            guard let found else { return setStatus(current, object["status"]?["desiredReplicas"]?.int ?? 0, statuses, isRescaled: false) }
            if found.replicas > current { reason = AutoscalerTexts.aboveTarget(found.name) }
            if found.replicas < current { reason = AutoscalerTexts.allBelow() }
            desired = normalize(found.replicas, current: current, bounds)
        }
        guard desired != current else { return setStatus(current, current, statuses, isRescaled: false) }
        do {
            try scale(desired)
        } catch {
            note("Warning", "FailedRescale", AutoscalerTexts.rescaleFailed(String(desired), reason, error.message))
            set("AbleToScale", "False", "FailedUpdateScale", AutoscalerTexts.noUpdate(error.message))
            return setStatus(current, object["status"]?["desiredReplicas"]?.int ?? 0, statuses, isRescaled: false)
        }
        set("AbleToScale", "True", "SucceededRescale", AutoscalerTexts.updatedScale(String(desired)))
        note("Normal", "SuccessfulRescale", AutoscalerTexts.rescaled(String(desired), reason))
        remember(from: current, to: desired)
        setStatus(current, desired, statuses, isRescaled: true)
    }

    /// The largest count that any metric asks for. A metric that fails keeps the others from scaling down, not from scaling up.
    private mutating func compute(
        _ target: ScaleTarget, _ source: some MetricSource
    ) -> (found: MetricEvaluation?, statuses: JSON) {
        if let fault = target.selectorFault {
            refuse(fault)
            return (nil, .null)
        }
        let metrics = object["spec"]?["metrics"]?.array ?? []
        var statuses: [JSON] = []
        var best: MetricEvaluation?
        var failures: [MetricEvaluation.Failure] = []
        for metric in metrics {
            let calculator = ReplicaCalculator(tolerance: tolerance, startUp: startUp, now: now)
            do {
                let evaluation = try MetricEvaluation.of(metric, target, calculator, source)
                statuses.append(evaluation.status)
                if best.map({ evaluation.replicas > $0.replicas }) ?? true { best = evaluation }
            } catch {
                // Go's empty value.
                statuses.append(["type": ""])
                failures.append(error)
                note("Warning", error.reason, error.cause.message)
            }
        }
        if let first = failures.first, best.map({ $0.replicas < target.specReplicas }) ?? true {
            set("ScalingActive", "False", first.reason, AutoscalerTexts.cannotCompute(first.cause.message))
            let message = AutoscalerTexts.invalidMetrics(String(failures.count), String(metrics.count), first.whole.message)
            note("Warning", "FailedComputeMetricsReplicas", message)
            return (nil, .array(statuses))
        }
        if let best { set("ScalingActive", "True", "ValidMetricFound", AutoscalerTexts.metricFound(best.name)) }
        return (best, .array(statuses))
    }

    private mutating func refuse(_ fault: ScaleTarget.SelectorFault) {
        switch fault {
        case .missing:
            note("Warning", "SelectorRequired", AutoscalerTexts.selectorRequired())
            set("ScalingActive", "False", "InvalidSelector", AutoscalerTexts.noSelector())
            note("Warning", "FailedComputeMetricsReplicas", AutoscalerTexts.selectorRequired())
        case .ambiguous(let selector, let autoscalers):
            let message = AutoscalerTexts.ambiguousSelector(selector, "[\(autoscalers.joined(separator: " "))]")
            note("Warning", "AmbiguousSelector", message)
            set("ScalingActive", "False", "AmbiguousSelector", message)
            note("Warning", "FailedComputeMetricsReplicas", message)
        }
    }

    private var tolerance: ScalingTolerance {
        func own(_ direction: String, _ other: Double) -> Double {
            object["spec"]?["behavior"]?[direction]?["tolerance"].map { Double(Amount.milli($0)) / 1000 } ?? other
        }
        return ScalingTolerance(up: own("scaleUp", standard.up), down: own("scaleDown", standard.down))
    }

    // MARK: Normalisation

    private var rules: (up: ScalingRules, down: ScalingRules)? {
        guard let behavior = object["spec"]?["behavior"], !behavior.isNull else { return nil }
        return (
            ScalingRules(behavior["scaleUp"], standard: .defaultUp), ScalingRules(behavior["scaleDown"], standard: .defaultDown)
        )
    }

    private mutating func normalize(_ wanted: Int, current: Int, _ bounds: ReplicaBounds) -> Int {
        let stable: Int
        let bounded: BoundedReplicas
        if let (up, down) = rules {
            stable = memory.recommendations.stabilized(
                wanted, current: current, up: up.stabilizationWindow, down: down.stabilizationWindow, now: now)
            bounded = bounds.bound(stable, current: current, up: up, down: down, events: memory.events, now: now)
        } else {
            stable = memory.recommendations.highest(wanted, window: Self.stabilization, now: now)
            bounded = bounds.bound(stable, current: current)
        }
        if stable == wanted {
            set("AbleToScale", "True", "ReadyForNewScale", AutoscalerTexts.readyForScale())
        } else if rules != nil, wanted >= current {
            set("AbleToScale", "True", "ScaleUpStabilized", AutoscalerTexts.upStabilized())
        } else {
            set("AbleToScale", "True", "ScaleDownStabilized", AutoscalerTexts.downStabilized())
        }
        set("ScalingLimited", bounded.replicas == stable ? "False" : "True", bounded.reason.rawValue, bounded.message)
        return bounded.replicas
    }

    private mutating func remember(from old: Int, to new: Int) {
        guard let (up, down) = rules else { return }
        if new > old {
            ScaleEvents.store(new - old, in: &memory.events.up, longestPeriod: up.longestPeriod, now: now)
        } else {
            ScaleEvents.store(old - new, in: &memory.events.down, longestPeriod: down.longestPeriod, now: now)
        }
    }

    // MARK: Status

    private mutating func note(_ type: String, _ reason: String, _ message: String) {
        events.append(Event(type: type, reason: reason, message: message))
    }

    private mutating func setStatus(_ current: Int, _ desired: Int, _ metrics: JSON, isRescaled: Bool) {
        let old = object["status"]
        var status: JSON = [:]
        status["lastScaleTime"] = isRescaled ? now.json : old?["lastScaleTime"]
        status.setCount("currentReplicas", current)
        status["desiredReplicas"] = JSON(desired)
        status["currentMetrics"] = .some(metrics)
        status["conditions"] = old?["conditions"]
        object["status"] = status
    }

    private mutating func set(_ type: String, _ status: String, _ reason: String, _ message: String) {
        var conditions = object["status"]?["conditions"]?.array ?? []
        let at = conditions.firstIndex { $0["type"]?.string == type }
        let old = at.map { conditions[$0] }
        let condition: JSON = [
            "type": .string(type), "status": .string(status),
            "lastTransitionTime": old?["status"]?.string == status ? old?["lastTransitionTime"] ?? now.json : now.json,
            "reason": .string(reason), "message": .string(message),
        ]
        if let at { conditions[at] = condition } else { conditions.append(condition) }
        object[at: "status", "conditions"] = .array(conditions)
    }
}
