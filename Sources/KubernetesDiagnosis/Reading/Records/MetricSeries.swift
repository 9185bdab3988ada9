package import Core
import Kubernetes

/// One time series: a line of `metrics.jsonl` (SNAPSHOT.md).
package struct MetricSeries: Sendable, Hashable {
    /// One measurement.
    package struct Sample: Sendable, Hashable {
        package let time: Timestamp
        package let value: Double

        package init(time: Timestamp, value: Double) {
            self.time = time
            self.value = value
        }
    }

    /// The label `__name__`: `container_cpu_usage_seconds_total`.
    package private(set) var name = ""
    /// All other labels.
    package private(set) var labels: [String: String] = [:]
    /// Ascending in time, one for each instant, finite.
    package private(set) var samples: [Sample] = []

    package init(name: String, labels: [String: String] = [:], samples: [Sample]) {
        self.name = name
        self.labels = labels
        self.samples = samples
        putInOrder()
    }

    /// The newest measurement.
    package var last: Sample? { samples.last }

    /// The measurements from one instant to another, both included. O(log n).
    package func samples(from start: Timestamp, through end: Timestamp) -> ArraySlice<Sample> {
        let first = samples.partitioningIndex { $0.time >= start }
        return samples[first..<max(first, samples.partitioningIndex { $0.time > end })]
    }

    /// Whether it carries all of these labels.
    package func carries(_ wanted: [String: String]) -> Bool { wanted.allSatisfy { labels[$0.key] == $0.value } }

    /// Takes in what another line says of the same series.
    mutating func add(_ other: MetricSeries) {
        samples += other.samples
        putInOrder()
    }

    private mutating func putInOrder() {
        if samples.contains(where: { !$0.value.isFinite }) { samples.removeAll { !$0.value.isFinite } }
        guard !zip(samples, samples.dropFirst()).allSatisfy({ $0.time < $1.time }) else { return }
        samples.sort { ($0.time, $0.value) < ($1.time, $1.value) }
        var kept: [Sample] = []
        for sample in samples {
            if kept.last?.time == sample.time { kept[kept.count - 1] = sample } else { kept.append(sample) }
        }
        samples = kept
    }
}

extension MetricSeries: JSONReadable {
    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "labels":
                labels = try r.map()
                name = labels.removeValue(forKey: "__name__") ?? ""
            case "samples": try r.elements { (r) throws(JSONError) in if let sample = try r.sample() { samples.append(sample) } }
            default: try r.skip()
            }
        }
        putInOrder()
    }
}

extension JSONReader {
    /// `[unix seconds, value]`; the value may be a string, as Prometheus writes it. Nil for anything else.
    fileprivate mutating func sample() throws(JSONError) -> MetricSeries.Sample? {
        var numbers: [Double] = []
        try elements { (r) throws(JSONError) in
            switch try r.kind() {
            case .number: if let number = try r.number().double { numbers.append(number) }
            case .string: if let number = Double(try r.string()) { numbers.append(number) }
            default: try r.skip()
            }
        }
        return numbers.count == 2 ? MetricSeries.Sample(time: Timestamp(seconds: numbers[0]), value: numbers[1]) : nil
    }
}
