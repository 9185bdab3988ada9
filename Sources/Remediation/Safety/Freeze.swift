package import Core

/// A span of a cluster's time in which nothing is changed there: neither by itself nor by approval. What was begun before it is still
/// verified and, where that fails, taken back.
package struct Freeze: Sendable, Hashable {
    package let from: Timestamp
    /// The first moment after it.
    package let until: Timestamp
    /// Shown to whoever wants to act; may be empty.
    package let reason: String

    package init(from: Timestamp, until: Timestamp, reason: String) {
        self.from = from
        self.until = until
        self.reason = reason
    }

    package func holds(at time: Timestamp) -> Bool { from <= time && time < until }
}

extension [Freeze] {
    /// Of those that hold at `time` the one that ends last.
    func holding(at time: Timestamp) -> Freeze? { filter { $0.holds(at: time) }.max { $0.until < $1.until } }
}
