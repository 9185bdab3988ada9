import Core
import Kubernetes

/// A cluster in which nothing happens and whose containers have written what other exchanges show of their logs.
struct RecordedLogs: ClusterSimulation {
    private var lines: [String: [(time: Timestamp, text: String)]] = [:]
    let now: Timestamp

    /// What is shown of logs by all exchanges but one: the lines that carry their times.
    init(_ exchanges: [Exchange], without source: Int) {
        now = exchanges[source].date ?? Timestamp(seconds: Int64(0))
        for (i, exchange) in exchanges.enumerated() where i != source {
            guard let id = RecordedLogs.container(exchange), exchange.request.flag("timestamps") else { continue }
            for line in RecordedLogs.lines(exchange.responseBody) {
                guard let space = line.firstIndex(of: " "), let time = Timestamp(String(line[..<space])) else { continue }
                let text = String(line[line.index(after: space)...])
                if lines[id]?.contains(where: { $0.time == time && $0.text == text }) != true {
                    lines[id, default: []].append((time, text))
                }
            }
        }
        for id in lines.keys { lines[id]?.sort { $0.time < $1.time } }
    }

    /// `namespace/pod/container` of a log that was answered; nil for anything else.
    static func container(_ exchange: Exchange) -> String? {
        guard exchange.status == 200, let place = RecordedPlace(exchange), place.plural == "pods", place.subresource == "log" else {
            return nil
        }
        return "\(place.namespace ?? "")/\(place.name ?? "")/\(exchange.request["container"] ?? "")"
            + (exchange.request.flag("previous") ? "/previous" : "")
    }

    static func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: true) }

    /// Whether the lines of an answer are all known.
    func covers(_ exchange: Exchange) -> Bool {
        guard let id = RecordedLogs.container(exchange) else { return true }
        let known = Set((lines[id] ?? []).map(\.text))
        return RecordedLogs.lines(exchange.responseBody).allSatisfy { line in
            let text = exchange.request.flag("timestamps") ? line.drop { $0 != " " }.dropFirst() : line
            return known.contains(String(text))
        }
    }

    var nextWake: Timestamp? { nil }
    mutating func advance(to now: Timestamp, store: inout ObjectStore) {}

    func containerLog(namespace: String, pod: String, container: String, previous: Bool, store: ObjectStore) -> ContainerLogAnswer {
        let base = "\(namespace)/\(pod)/"
        let suffix = previous ? "/previous" : ""
        let found = lines[base + container + suffix] ?? lines[base + suffix] ?? []
        return .lines(found.filter { $0.time <= now + .seconds(1) })
    }

    func metricsPage(of pod: (namespace: String, name: String)?, store: ObjectStore) -> String? { nil }
    func podMetricsItems(namespace: String?, name: String?) -> [JSON] { [] }
    func nodeMetricsItems(name: String?) -> [JSON] { [] }
}
