import Core

/// The two stretches of time that are compared: now, and how it was at the beginning of what was measured.
struct SignalWindow: Sendable {
    let before: ClosedRange<Timestamp>?
    let now: ClosedRange<Timestamp>

    /// Nil where there are no measurements of the present: what ended long ago says nothing.
    ///
    /// `now` is the last two minutes, or five measurements where they are far apart; `before` is at most the first ten minutes, and ends well
    /// before `now` begins.
    init?(_ table: MetricTable, at time: Timestamp) {
        var first = Timestamp(nanoseconds: .max), last = Timestamp.distantPast
        var step = Duration.zero
        for series in table.series where series.samples.count >= 2 {
            guard let start = series.samples.first?.time, let end = series.last?.time else { continue }
            first = min(first, start)
            if end > last, end <= time + .seconds(60) {
                last = end
                step = (end - start) / (series.samples.count - 1)
            }
        }
        guard last > .distantPast, time - last < .seconds(600) else { return nil }
        let length = max(Duration.seconds(120), step * 5)
        now = (last - length)...last
        let end = min(first + .seconds(600), now.lowerBound - max(.seconds(30), step))
        before = end - first >= max(.seconds(60), step * 3) ? first...end : nil
    }
}

/// A number as it was and as it is.
struct Shift: Sendable, Hashable {
    /// Nil where nothing was measured then.
    var before: Double?
    var now: Double

    /// How many times as much it is now; nil without a past to compare with.
    var ratio: Double? { before.map { $0 > 0 ? now / $0 : now > 0 ? .infinity : 1 } }
}

extension MetricSeries {
    /// How much a counter rose a second, over the whole of a stretch of time; a fall is a new start at zero. Nil with fewer than two samples.
    ///
    /// A series that begins or ends within the stretch, since a pod was made or removed, counts for the part of it that it lasted: those of two pods
    /// that followed one another add up to what one would have had. At most one interval between samples is taken to have gone on as it was,
    /// as in Prometheus's `rate`.
    func rate(in range: ClosedRange<Timestamp>) -> Double? {
        let samples = samples(from: range.lowerBound, through: range.upperBound)
        guard let first = samples.first, let last = samples.last, last.time > first.time else { return nil }
        var amount = 0.0
        var previous = first.value
        for sample in samples.dropFirst() {
            amount += sample.value >= previous ? sample.value - previous : sample.value
            previous = sample.value
        }
        let covered = (last.time - first.time).secondCount
        let whole = (range.upperBound - range.lowerBound).secondCount
        let interval = covered / Double(samples.count - 1)
        let gaps = [first.time - range.lowerBound, range.upperBound - last.time].map(\.secondCount)
        let lasted = gaps.reduce(covered) { $0 + ($1 <= 1.1 * interval ? $1 : interval / 2) }
        return amount / covered * lasted / whole
    }

    /// The mean of a gauge; nil without samples.
    func mean(in range: ClosedRange<Timestamp>) -> Double? {
        let samples = samples(from: range.lowerBound, through: range.upperBound)
        return samples.isEmpty ? nil : samples.reduce(0) { $0 + $1.value } / Double(samples.count)
    }
}
