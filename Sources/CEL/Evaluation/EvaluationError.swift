/// Why an expression has no value, in the words of cel-go.
package struct EvaluationError: Error, Sendable, Equatable {
    package let message: String
    /// Whether evaluation was given up because it cost too much.
    package let isOverBudget: Bool

    package init(_ message: String, isOverBudget: Bool = false) {
        self.message = message
        self.isOverBudget = isOverBudget
    }

    static let noSuchOverload = EvaluationError("no such overload")
    static let integerOverflow = EvaluationError("integer overflow")
    static let unsignedOverflow = EvaluationError("unsigned integer overflow")
    static let durationOverflow = EvaluationError("duration overflow")
    static let timestampOverflow = EvaluationError("timestamp overflow")
    static let overBudget = EvaluationError("operation cancelled: actual cost limit exceeded", isOverBudget: true)

    static let tooDeep = EvaluationError("expression recursion limit exceeded: \(Meter.maxDepth)")

    static func noSuchKey(_ key: Value) -> EvaluationError { EvaluationError("no such key: \(Conversions.shown(key))") }
    static func indexOutOfBounds(_ index: Value) -> EvaluationError {
        EvaluationError("index out of bounds: \(Conversions.shown(index))")
    }
}

/// What an evaluation may still cost, in cel-go's units: about one a step, and one for ten characters or elements looked at.
package struct Meter: Sendable {
    /// Units left.
    package private(set) var remaining: Int
    /// How deep evaluation is in its trees, those of variables that are evaluated on the way included.
    var depth = 0
    static let maxDepth = 500

    package init(_ units: Int) { remaining = units }

    /// Takes `units` away, or throws when there are not so many.
    package mutating func pay(_ units: Int) throws(EvaluationError) {
        remaining -= units
        if remaining < 0 { throw EvaluationError.overBudget }
    }

    /// What looking at every one of `count` characters or elements costs.
    mutating func traverse(_ count: Int) throws(EvaluationError) { try pay((count + 9) / 10) }
}
