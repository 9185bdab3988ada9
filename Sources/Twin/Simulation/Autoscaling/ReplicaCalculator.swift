package import Core

/// How many replicas a metric asks for (Kubernetes documentation, "Horizontal Pod Autoscaling", algorithm details):
/// `ceil(ready pods × use ÷ target)`, where pods without samples are first taken for what changes the count least.
///
/// All amounts are in thousandths. Every function is pure.
package struct ReplicaCalculator: Sendable {
    package var tolerance: ScalingTolerance
    package var startUp: PodGroups.StartUp
    package var now: Timestamp

    package init(tolerance: ScalingTolerance, startUp: PodGroups.StartUp, now: Timestamp) {
        self.tolerance = tolerance
        self.startUp = startUp
        self.now = now
    }

    package struct Proposal: Sendable, Equatable {
        package var replicas: Int
        /// The mean use in thousandths, or of an object its value.
        package var usage: Int
        /// The mean use in percent of the requests; nil where the target is an amount.
        package var utilization: Int?
    }

    // MARK: Metrics of pods

    /// Use of a resource against a percentage of what the pods request. `container`: only that one counts.
    package func utilization(
        replicas current: Int, target percent: Int, resource: String, container: String?, pods: [PodSample],
        samples: [String: MetricSample]
    ) throws(AutoscalingFailure) -> Proposal {
        var samples = samples
        let groups = try group(pods, &samples, isCPU: resource == "cpu")
        let requests = try self.requests(pods, resource: resource, container: container)
        let measured = try ratio(samples, requests, percent)
        let result = Proposal(replicas: current, usage: measured.mean, utilization: measured.percent)
        // A missing pod is taken to use all that it requests, or all that the target allows, when fewer are wanted; nothing else.
        let most = max(100, percent)
        return try decide(current, groups, measured.value, &samples, result, whenFewer: { (requests[$0] ?? 0) * most / 100 }) {
            (samples) throws(AutoscalingFailure) in try self.ratio(samples, requests, percent).value
        }
    }

    /// A metric of pods against a mean amount per pod. `resource` is nil for custom metrics.
    package func average(
        replicas current: Int, target milli: Int, resource: String?, pods: [PodSample], samples: [String: MetricSample]
    ) throws(AutoscalingFailure) -> Proposal {
        var samples = samples
        let groups = try group(pods, &samples, isCPU: resource == "cpu")
        func ratio(_ samples: [String: MetricSample]) -> (value: Double, mean: Int) {
            let mean = samples.values.reduce(0) { $0 + $1.milli } / samples.count
            return (Double(mean) / Double(milli), mean)
        }
        let measured = ratio(samples)
        let result = Proposal(replicas: current, usage: measured.mean, utilization: nil)
        return try decide(current, groups, measured.value, &samples, result, whenFewer: { _ in milli }) { ratio($0).value }
    }

    private func group(
        _ pods: [PodSample], _ samples: inout [String: MetricSample], isCPU: Bool
    ) throws(AutoscalingFailure) -> PodGroups {
        if pods.isEmpty { throw AutoscalingFailure(AutoscalerTexts.noPods()) }
        let groups = PodGroups(pods, samples: samples, isCPU: isCPU, startUp: startUp, now: now)
        for name in groups.ignored.union(groups.unready) { samples[name] = nil }
        if samples.isEmpty { throw AutoscalingFailure(AutoscalerTexts.noSamples()) }
        return groups
    }

    /// The count from the measured ratio, and where pods are unready or missing from a second ratio with guesses in their places.
    private func decide(
        _ current: Int, _ groups: PodGroups, _ ratio: Double, _ samples: inout [String: MetricSample], _ unchanged: Proposal,
        whenFewer: (String) -> Int, again: ([String: MetricSample]) throws(AutoscalingFailure) -> Double
    ) throws(AutoscalingFailure) -> Proposal {
        var result = unchanged
        let countsUnready = !groups.unready.isEmpty && ratio > 1
        if !countsUnready, groups.missing.isEmpty {
            if !tolerance.accepts(ratio) { result.replicas = Self.ceiling(ratio * Double(groups.counted)) }
            return result
        }
        func guess(_ names: Set<String>, _ milli: (String) -> Int) {
            for name in names { samples[name] = MetricSample(milli: milli(name), time: now, window: .zero) }
        }
        if ratio < 1 { guess(groups.missing, whenFewer) } else if ratio > 1 { guess(groups.missing) { _ in 0 } }
        if countsUnready { guess(groups.unready) { _ in 0 } }
        let second = try again(samples)
        // Guesses may keep the count, never turn the direction.
        if tolerance.accepts(second) || ratio < 1 && second > 1 || ratio > 1 && second < 1 { return result }
        let replicas = Self.ceiling(second * Double(samples.count))
        if second < 1 && replicas > current || second > 1 && replicas < current { return result }
        result.replicas = replicas
        return result
    }

    private func requests(_ pods: [PodSample], resource: String, container: String?) throws(AutoscalingFailure) -> [String: Int] {
        var result: [String: Int] = [:]
        for pod in pods {
            var sum = 0
            for request in pod.requests where container == nil || container == request.container {
                guard let milli = request.milli[resource] else {
                    throw AutoscalingFailure(AutoscalerTexts.missingRequest(resource, request.container, pod.name))
                }
                sum += milli
            }
            result[pod.name] = sum
        }
        return result
    }

    private func ratio(
        _ samples: [String: MetricSample], _ requests: [String: Int], _ percent: Int
    ) throws(AutoscalingFailure) -> (value: Double, percent: Int, mean: Int) {
        var used = 0
        var requested = 0
        var count = 0
        for (name, sample) in samples {
            guard let request = requests[name] else { continue }
            used += sample.milli
            requested += request
            count += 1
        }
        guard requested > 0 else { throw AutoscalingFailure(AutoscalerTexts.noMatch()) }
        let utilization = used * 100 / requested
        return (Double(utilization) / Double(percent), utilization, used / count)
    }

    // MARK: Metrics of something else

    /// One value against a target value: the ready pods are scaled by the ratio. From nothing, as many as the ratio says.
    package func value(
        replicas current: Int, usage: Int, target milli: Int, pods: [PodSample]
    ) throws(AutoscalingFailure) -> Proposal {
        let ratio = Double(usage) / Double(milli)
        if current == 0 { return Proposal(replicas: Self.ceiling(ratio), usage: usage) }
        if tolerance.accepts(ratio) { return Proposal(replicas: current, usage: usage) }
        if pods.isEmpty { throw AutoscalingFailure(AutoscalerTexts.noReadyCount(AutoscalerTexts.noPods())) }
        return Proposal(replicas: Self.ceiling(ratio * Double(pods.count(where: \.isRunningAndReady))), usage: usage)
    }

    /// One value shared by all replicas against a target per replica.
    package func valuePerReplica(replicas: Int, usage: Int, target milli: Int) -> Proposal {
        let ratio = Double(usage) / (Double(milli) * Double(replicas))
        let wanted = tolerance.accepts(ratio) ? replicas : Self.ceiling(Double(usage) / Double(milli))
        return Proposal(replicas: wanted, usage: replicas > 0 ? Self.ceiling(Double(usage) / Double(replicas)) : usage)
    }

    /// Counts are 32 bits wide in the API.
    static func ceiling(_ value: Double) -> Int { value.isFinite ? Int(min(Double(Int32.max), max(0, value.rounded(.up)))) : 0 }
}
