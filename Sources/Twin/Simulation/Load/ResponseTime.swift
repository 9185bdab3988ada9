import Foundation

/// Times to answer as a log-logistic distribution of shape 4: half of all answers come within the median, 99 % within about three times
/// it. One parameter is all that a fluid model can know, and the shape has the long tail of real services.
struct ResponseTime: Sendable, Equatable {
    /// Seconds.
    var median: Double

    init(median: Double) { self.median = max(0.0005, median) }

    /// The mean of a log-logistic distribution: median × (π/β) / sin(π/β), here with β = 4.
    var mean: Double { median * 1.1107 }

    /// The share of answers that take at most `bound` seconds.
    func share(within bound: Double) -> Double {
        guard bound > 0 else { return 0 }
        let ratio = median / bound
        return 1 / (1 + ratio * ratio * ratio * ratio)
    }
}

/// Requests that a program has answered since it started.
struct AnsweredRequests: Sendable, Equatable {
    /// What callers are told: served, failed inside, a dependency failed, refused, a dependency took too long.
    static let codes = [200, 500, 502, 503, 504]
    /// Upper bounds of the latency histogram, in seconds (Prometheus' defaults).
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private(set) var byCode = [Double](repeating: 0, count: codes.count)
    private(set) var byBound = [Double](repeating: 0, count: bounds.count)
    /// Seconds, of all answers together.
    private(set) var time = 0.0

    var count: Double { byCode.reduce(0, +) }

    /// - Parameter counts: in the order of ``codes``.
    mutating func add(_ counts: [Double], in time: ResponseTime) {
        var total = 0.0
        for i in counts.indices {
            byCode[i] += counts[i]
            total += counts[i]
        }
        for (i, bound) in Self.bounds.enumerated() { byBound[i] += total * time.share(within: bound) }
        self.time += total * time.mean
    }
}
