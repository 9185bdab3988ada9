package import Core

/// Collects pages in Prometheus' text format into series, page by page.
///
/// Format: "Prometheus exposition formats", text-based format 0.0.4. Lines that do not follow it are passed over; buckets of histograms are not kept.
package struct MetricRecorder: Sendable {
    private var samples: [String: (name: String, labels: [String: String], samples: [MetricSeries.Sample])] = [:]

    package init() {}

    /// What was recorded, in the order of names and labels.
    package var table: MetricTable {
        MetricTable(samples.values.map { MetricSeries(name: $0.name, labels: $0.labels, samples: $0.samples) })
    }

    /// Adds the values of a page that was read at `time`. Times that lines carry themselves are not used.
    package mutating func add(page: [UInt8], at time: Timestamp) {
        for line in page.split(separator: 0x0A) where line.first != UInt8(ascii: "#") {
            guard let space = line.lastIndex(of: 0x20), let value = Double(String(decoding: line[(space + 1)...], as: UTF8.self)),
                value.isFinite
            else { continue }
            let key = String(decoding: line[..<space], as: UTF8.self)
            if samples[key] == nil {
                let name = key.prefix { $0 != "{" && $0 != " " }
                guard !name.hasSuffix("_bucket") else { continue }
                samples[key] = (String(name), Self.labels(key.dropFirst(name.count)), [])
            }
            samples[key]?.samples.append(MetricSeries.Sample(time: time, value: value))
        }
    }

    /// `{a="b",c="d\"e"}`
    private static func labels(_ text: Substring) -> [String: String] {
        var labels: [String: String] = [:]
        var rest = text.dropFirst()
        while let equals = rest.firstIndex(of: "="), rest[equals...].dropFirst().first == "\"" {
            let key = rest[..<equals].drop { $0 == "," || $0 == " " }
            var value = ""
            var i = rest.index(equals, offsetBy: 2)
            while i < rest.endIndex, rest[i] != "\"" {
                if rest[i] == "\\", rest.index(after: i) < rest.endIndex {
                    i = rest.index(after: i)
                    value.append(rest[i] == "n" ? "\n" : rest[i])
                } else {
                    value.append(rest[i])
                }
                i = rest.index(after: i)
            }
            labels[String(key)] = value
            guard i < rest.endIndex else { break }
            rest = rest[rest.index(after: i)...]
        }
        return labels
    }
}
