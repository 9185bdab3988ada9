import Core

/// Growth that goes on in a straight line: least squares over the samples of a gauge.
struct SteadyGrowth: Sendable {
    /// Per second.
    let slope: Double
    /// The share of the variance that the line explains (R²).
    let fit: Double
    let first: Double
    let last: Double
    let seconds: Double

    /// Nil with fewer than eight samples, or where it does not grow.
    init?(_ samples: some RandomAccessCollection<MetricSeries.Sample>) {
        guard samples.count >= 8, let start = samples.first, let end = samples.last, end.time > start.time else { return nil }
        let points = samples.map { (x: ($0.time - start.time).secondCount, y: $0.value) }
        guard let line = Self.line(points), line.slope > 0 else { return nil }
        // What rises at first and then stays is a program that warms up.
        guard let late = Self.line(Array(points.suffix(points.count / 2))), late.slope > line.slope / 2 else { return nil }
        slope = late.slope
        fit = line.fit
        first = start.value
        last = end.value
        seconds = (end.time - start.time).secondCount
    }

    /// How long until it reaches `limit` at this pace; nil where it is there.
    func seconds(until limit: Double) -> Double? { limit > last ? (limit - last) / slope : nil }

    private static func line(_ points: [(x: Double, y: Double)]) -> (slope: Double, fit: Double)? {
        let n = Double(points.count)
        guard n >= 3 else { return nil }
        let (mx, my) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
        let xx = points.reduce(0) { $0 + ($1.x - mx) * ($1.x - mx) }
        let yy = points.reduce(0) { $0 + ($1.y - my) * ($1.y - my) }
        let xy = points.reduce(0) { $0 + ($1.x - mx) * ($1.y - my) }
        guard xx > 0, yy > 0 else { return nil }
        return (xy / xx, xy * xy / (xx * yy))
    }
}
