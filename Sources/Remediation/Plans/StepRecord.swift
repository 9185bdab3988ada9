package import Core

/// What became of one write of a plan: a step, or its inverse.
package struct StepRecord: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable { case intended, done, failed }

    package let index: Int
    package let isInverse: Bool
    package var state: State
    /// What was announced: the patch with its time filled in, the annotation, the preconditions.
    package var write: JSON
    package var intendedAt: Timestamp
    package var endedAt: Timestamp?
    /// True when a restart found it already done.
    package var found: Bool
    package var resourceVersion: String?
    /// Hash of the touched parts as this write left them.
    package var left: String?
    package var error: String?
    /// Whether it is unknown if the write took effect.
    package var isUncertain: Bool

    package init(index: Int, isInverse: Bool, write: JSON, intendedAt: Timestamp) {
        self.index = index
        self.isInverse = isInverse
        state = .intended
        self.write = write
        self.intendedAt = intendedAt
        endedAt = nil
        found = false
        resourceVersion = nil
        left = nil
        error = nil
        isUncertain = false
    }
}
