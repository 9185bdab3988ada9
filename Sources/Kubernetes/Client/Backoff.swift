import Core

/// Waiting times that double from `first` to `longest`, each drawn at random between half and the whole of it.
package struct Backoff: Sendable {
    package let first: Duration
    package let longest: Duration
    private var failures = 0
    private var generator: SeededGenerator

    package init(first: Duration = .milliseconds(200), longest: Duration = .seconds(30), seed: UInt64) {
        self.first = first
        self.longest = longest
        generator = SeededGenerator(seed: seed)
    }

    /// The next waiting time; at least what the server asked for.
    package mutating func next(atLeast asked: Duration? = nil) -> Duration {
        let whole = min(longest.secondCount, first.secondCount * Double(1 << min(failures, 30)))
        failures += 1
        let drawn = Duration.seconds(whole * (0.5 + 0.5 * generator.unit()))
        return max(drawn, asked ?? .zero)
    }

    package mutating func reset() { failures = 0 }
}
