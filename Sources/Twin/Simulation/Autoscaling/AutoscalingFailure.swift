/// Why the autoscaler could not compute a count. The message is what its events and conditions say.
package struct AutoscalingFailure: Error, Equatable {
    package let message: String

    package init(_ message: String) { self.message = message }

    /// The same failure with what was being tried before it.
    func during(_ attempt: String) -> AutoscalingFailure { AutoscalingFailure("\(attempt): \(message)") }
}

/// How far a ratio of use to target may be from 1 before anything is scaled. The controller manager's default is 0.1 both ways;
/// `behavior.scaleUp.tolerance` and `behavior.scaleDown.tolerance` set it per direction.
package struct ScalingTolerance: Sendable, Equatable {
    package var up: Double
    package var down: Double

    package init(up: Double, down: Double) {
        self.up = up
        self.down = down
    }

    package static let standard = ScalingTolerance(up: 0.1, down: 0.1)

    func accepts(_ ratio: Double) -> Bool { 1 - down <= ratio && ratio <= 1 + up }
}
