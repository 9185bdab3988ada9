package import Core

/// How fast a target may be scaled in one direction (`behavior.scaleUp`, `behavior.scaleDown` of autoscaling/v2).
package struct ScalingRules: Sendable, Equatable {
    package enum Select: String, Sendable { case max = "Max", min = "Min", disabled = "Disabled" }

    package struct Policy: Sendable, Equatable {
        package enum Kind: String, Sendable { case pods = "Pods", percent = "Percent" }
        package var kind: Kind
        package var value: Int
        package var period: Duration

        package init(kind: Kind, value: Int, period: Duration) {
            self.kind = kind
            self.value = value
            self.period = period
        }
    }

    package var stabilizationWindow: Duration
    package var select: Select
    package var policies: [Policy]

    package init(stabilizationWindow: Duration, select: Select = .max, policies: [Policy]) {
        self.stabilizationWindow = stabilizationWindow
        self.select = select
        self.policies = policies
    }

    /// What applies where a behaviour leaves the direction open: at once, four pods or twice as many a quarter of a minute.
    package static let defaultUp = ScalingRules(
        stabilizationWindow: .zero,
        policies: [
            Policy(kind: .pods, value: 4, period: .seconds(15)), Policy(kind: .percent, value: 100, period: .seconds(15)),
        ])

    /// The same downwards: the highest count of five minutes, then as far as the minimum.
    package static let defaultDown = ScalingRules(
        stabilizationWindow: .seconds(300), policies: [Policy(kind: .percent, value: 100, period: .seconds(15))])

    /// Rules of an object; what they leave open is taken from `standard`.
    package init(_ rules: JSON?, standard: ScalingRules) {
        stabilizationWindow = rules?["stabilizationWindowSeconds"]?.int.map { .seconds($0) } ?? standard.stabilizationWindow
        select = rules?["selectPolicy"]?.string.flatMap(Select.init) ?? standard.select
        let policies = rules?["policies"]?.array?.compactMap { policy -> Policy? in
            guard let kind = policy["type"]?.string.flatMap(Policy.Kind.init), let value = policy["value"]?.int,
                let period = policy["periodSeconds"]?.int
            else { return nil }
            return Policy(kind: kind, value: value, period: .seconds(period))
        }
        self.policies = policies ?? standard.policies
    }

    /// The longest time that any policy looks back.
    package var longestPeriod: Duration { policies.map(\.period).max() ?? .zero }

    /// The most replicas that the policies allow now; never below `current`.
    package func upperLimit(current: Int, events: ScaleEvents, now: Timestamp) -> Int {
        if select == .disabled { return current }
        let limits = policies.map { policy in
            let start = current - events.change(within: policy.period, before: now)
            return switch policy.kind {
            case .pods: start + policy.value
            case .percent: ReplicaCalculator.ceiling(Double(start) * (1 + Double(policy.value) / 100))
            }
        }
        // The policy that changes most, or least.
        return max(current, (select == .min ? limits.min() : limits.max()) ?? current)
    }

    /// The fewest replicas that the policies allow now; never above `current`.
    package func lowerLimit(current: Int, events: ScaleEvents, now: Timestamp) -> Int {
        if select == .disabled { return current }
        let limits = policies.map { policy in
            let start = current - events.change(within: policy.period, before: now)
            return switch policy.kind {
            case .pods: start - policy.value
            case .percent: Int(Double(start) * (1 - Double(policy.value) / 100))
            }
        }
        return min(current, (select == .min ? limits.max() : limits.min()) ?? current)
    }
}

/// Changes of the count that an autoscaler made, upwards and downwards, as long as a policy looks back at them.
package struct ScaleEvents: Sendable, Equatable {
    package struct Change: Sendable, Equatable {
        /// How many replicas more, or fewer; never negative.
        package var replicas: Int
        package var time: Timestamp

        package init(replicas: Int, time: Timestamp) {
            self.replicas = replicas
            self.time = time
        }
    }

    package var up: [Change]
    package var down: [Change]

    package init(up: [Change] = [], down: [Change] = []) {
        self.up = up
        self.down = down
    }

    /// How many replicas more there are than a while ago, by these events.
    package func change(within period: Duration, before now: Timestamp) -> Int {
        Self.sum(up, within: period, before: now) - Self.sum(down, within: period, before: now)
    }

    /// The sum of the changes later than `period` ago.
    package static func sum(_ changes: [Change], within period: Duration, before now: Timestamp) -> Int {
        changes.reduce(0) { $1.time > now - period ? $0 + $1.replicas : $0 }
    }

    /// Notes a change; it takes the place of the last one that no policy looks at any more.
    package static func store(_ replicas: Int, in changes: inout [Change], longestPeriod: Duration, now: Timestamp) {
        let change = Change(replicas: replicas, time: now)
        if let old = changes.lastIndex(where: { $0.time < now - longestPeriod }) { changes[old] = change } else { changes.append(change) }
    }
}
