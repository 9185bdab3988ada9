import Core

@testable import KubernetesDiagnosis

/// Time series of cases: half an hour, a sample every thirty seconds.
enum CaseMeasurements {
    private static let seconds = stride(from: -1800, through: 0, by: 30)
    /// When what was becomes what is.
    private static let turn = -300

    /// `labels` with `__name__`, and `points`: minutes before the snapshot and the value then, joined by straight lines.
    static func series(_ json: JSON, _ now: Timestamp) -> MetricSeries {
        var labels = json["labels"]?.stringMap ?? [:]
        let name = labels.removeValue(forKey: "__name__") ?? ""
        let points = (json["points"]?.array ?? []).compactMap { point in
            point[0]?.double.flatMap { x in point[1]?.double.map { (x * 60, $0) } }
        }
        let from = Int(points.first?.0 ?? 0), to = Int(points.last?.0 ?? 0)
        let samples = stride(from: from, through: to, by: max(30, (to - from) / 240)).map { second -> MetricSeries.Sample in
            let next = points.firstIndex { $0.0 >= Double(second) } ?? points.count - 1
            let (a, b) = (points[max(0, next - 1)], points[next])
            let share = b.0 > a.0 ? (Double(second) - a.0) / (b.0 - a.0) : 1
            return .init(time: now + .seconds(second), value: a.1 + (b.1 - a.1) * min(1, share))
        }
        return MetricSeries(name: name, labels: labels, samples: samples)
    }

    /// Requests and CPU of each pod whose name begins with a key of `traffic`; the longest key counts. A value is one number, or two: as
    /// it was, and as it is since five minutes. `rate` requests a second, `latency` in seconds, `errors` as a share, `cpu` in cores,
    /// `throttled` as a share of periods.
    static func traffic(_ traffic: JSON, pods: [JSON], _ now: Timestamp) -> [MetricSeries] {
        pods.flatMap { pod -> [MetricSeries] in
            let name = pod[at: "metadata", "name"]?.string ?? ""
            let namespace = pod[at: "metadata", "namespace"]?.string ?? CaseFilling.namespace
            guard let key = (traffic.object?.keys ?? []).filter({ name.hasPrefix($0) }).max(by: { $0.count < $1.count }) else { return [] }
            func pair(_ what: String, _ usual: Double) -> (Double, Double) {
                let given = traffic[key]?[what]
                return (given?[0]?.double ?? given?.double ?? usual, given?[1]?.double ?? given?.double ?? usual)
            }
            func counter(_ metric: String, _ rate: (Double, Double), _ labels: [String: String] = [:]) -> MetricSeries {
                var value = 0.0
                let samples = seconds.map { second -> MetricSeries.Sample in
                    value += 30 * (second <= turn ? rate.0 : rate.1)
                    return .init(time: now + .seconds(second), value: value)
                }
                let own = ["pod": name, "namespace": namespace].merging(labels) { $1 }
                return MetricSeries(name: metric, labels: own, samples: samples)
            }
            let (rate, latency, errors) = (pair("rate", 10), pair("latency", 0.02), pair("errors", 0))
            let throttled = pair("throttled", 0)
            return [
                counter("http_requests_total", (rate.0 * (1 - errors.0), rate.1 * (1 - errors.1)), ["code": "200"]),
                counter("http_requests_total", (rate.0 * errors.0, rate.1 * errors.1), ["code": "500"]),
                counter("http_request_duration_seconds_sum", (rate.0 * latency.0, rate.1 * latency.1)),
                counter("http_request_duration_seconds_count", rate),
                counter("container_cpu_usage_seconds_total", pair("cpu", 0.1), ["container": "app"]),
                counter("container_cpu_cfs_periods_total", (10, 10), ["container": "app"]),
                counter("container_cpu_cfs_throttled_periods_total", (10 * throttled.0, 10 * throttled.1), ["container": "app"]),
            ]
        }
    }
}
