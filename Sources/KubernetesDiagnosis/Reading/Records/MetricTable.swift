/// The time series of a snapshot, found by name and labels.
package struct MetricTable: Sendable {
    /// By name, then by labels; series that say the same of themselves are one.
    package let series: [MetricSeries]
    private let places: [String: Range<Int>]

    package init(_ all: [MetricSeries] = []) {
        // Labels are put in order once for each series, not at each comparison.
        let keyed = all.map { (key: MetricTable.key($0), series: $0) }.sorted { ($0.series.name, $0.key) < ($1.series.name, $1.key) }
        var merged: [MetricSeries] = []
        var places: [String: Range<Int>] = [:]
        var lastKey: String?
        for (key, one) in keyed {
            if key == lastKey, merged.last?.name == one.name {
                merged[merged.count - 1].add(one)
                continue
            }
            places[one.name] = (places[one.name]?.lowerBound ?? merged.count)..<(merged.count + 1)
            merged.append(one)
            lastKey = key
        }
        series = merged
        self.places = places
    }

    package var isEmpty: Bool { series.isEmpty }

    /// All series of a name, in the order of their labels. O(1).
    package func named(_ name: String) -> ArraySlice<MetricSeries> { places[name].map { series[$0] } ?? [] }

    /// The series of a name that carry all of these labels. Linear in the series of that name.
    package func named(_ name: String, _ labels: [String: String]) -> [MetricSeries] { named(name).filter { $0.carries(labels) } }

    private static func key(_ series: MetricSeries) -> String {
        series.labels.sorted { $0.key < $1.key }.map { "\($0.key)\u{1}\($0.value)" }.joined(separator: "\u{2}")
    }
}
