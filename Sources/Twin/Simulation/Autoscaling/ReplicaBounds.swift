package import Core

/// A count brought within what is allowed, with the reason that the condition ScalingLimited gives.
package struct BoundedReplicas: Sendable, Equatable {
    package enum Reason: String, Sendable {
        case withinRange = "DesiredWithinRange"
        case tooFew = "TooFewReplicas"
        case tooMany = "TooManyReplicas"
        case scaleUpLimit = "ScaleUpLimit"
        case scaleDownLimit = "ScaleDownLimit"
    }

    package var replicas: Int
    package var reason: Reason

    var message: String {
        switch reason {
        case .withinRange: AutoscalerTexts.withinRange()
        case .tooFew: AutoscalerTexts.tooFew()
        case .tooMany: AutoscalerTexts.tooMany()
        case .scaleUpLimit: AutoscalerTexts.scaleUpLimit()
        case .scaleDownLimit: AutoscalerTexts.scaleDownLimit()
        }
    }
}

/// The least and most replicas of an autoscaler.
package struct ReplicaBounds: Sendable, Equatable {
    package var minimum: Int
    package var maximum: Int

    package init(minimum: Int, maximum: Int) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Without a behaviour: at most twice as many as there are, or four.
    package func bound(_ desired: Int, current: Int) -> BoundedReplicas {
        let limit = max(2 * current, 4)
        let (most, reason): (Int, BoundedReplicas.Reason) = maximum > limit ? (limit, .scaleUpLimit) : (maximum, .tooMany)
        if desired < minimum { return BoundedReplicas(replicas: minimum, reason: .tooFew) }
        if desired > most { return BoundedReplicas(replicas: most, reason: reason) }
        return BoundedReplicas(replicas: desired, reason: .withinRange)
    }

    /// With a behaviour: no faster than its policies allow.
    package func bound(
        _ desired: Int, current: Int, up: ScalingRules, down: ScalingRules, events: ScaleEvents, now: Timestamp
    ) -> BoundedReplicas {
        if desired > current {
            let limit = up.upperLimit(current: current, events: events, now: now)
            let (most, reason): (Int, BoundedReplicas.Reason) = maximum > limit ? (limit, .scaleUpLimit) : (maximum, .tooMany)
            if desired > most { return BoundedReplicas(replicas: most, reason: reason) }
        } else if desired < current {
            let limit = down.lowerLimit(current: current, events: events, now: now)
            let (least, reason): (Int, BoundedReplicas.Reason) = minimum < limit ? (limit, .scaleDownLimit) : (minimum, .tooFew)
            if desired < least { return BoundedReplicas(replicas: least, reason: reason) }
        }
        return BoundedReplicas(replicas: desired, reason: .withinRange)
    }
}
