package import Core

/// An event, read from core/v1 and from events.k8s.io/v1 alike.
///
/// Scheduler events have no counter and no first and last time: their time is `eventTime`, repeats are in `series`. Kubelet events are
/// the other way round. `firstSeen`, `lastSeen` and `count` hold whichever there is.
package struct Event: KubernetesResource, Equatable {
    package static let type = ResourceType.events

    @Shared package var metadata: ObjectMeta
    package var regarding = ObjectReference()
    package var reason = ""
    package var message = ""
    /// `Normal` or `Warning`.
    package var severity = ""
    package var action: String?
    /// How often it was seen; at least 1.
    package var count = 1
    package var firstSeen: Timestamp?
    package var lastSeen: Timestamp?
    /// The component that reports: `kubelet`, `default-scheduler`, ….
    package var source = ""
    package var host: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        var counted: Int?
        var first: Timestamp?
        var last: Timestamp?
        var at: Timestamp?
        var series = EventSeries()
        var sender = EventSource()
        var reporter = ""
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "involvedObject", "regarding": regarding = try r.read() ?? regarding
            case "reason": reason = try r.text() ?? ""
            case "message", "note": message = try r.text() ?? message
            case "type": severity = try r.text() ?? ""
            case "action": action = try r.text()
            case "count", "deprecatedCount": counted = try r.int() ?? counted
            case "firstTimestamp", "deprecatedFirstTimestamp": first = try r.time() ?? first
            case "lastTimestamp", "deprecatedLastTimestamp": last = try r.time() ?? last
            case "eventTime": at = try r.time()
            case "series": series = try r.read() ?? EventSeries()
            case "source", "deprecatedSource": sender = try r.read() ?? sender
            case "reportingComponent", "reportingController": reporter = try r.text() ?? reporter
            case "reportingInstance": host = try r.text()
            default: try r.skip()
            }
        }
        count = max(counted ?? 1, series.count, 1)
        firstSeen = first ?? at ?? metadata.creationTimestamp ?? last
        lastSeen = [series.lastObserved, last, at ?? first ?? metadata.creationTimestamp].compactMap { $0 }.max()
        source = sender.component.isEmpty ? reporter : sender.component
        if let node = sender.host { host = node }
        if host == "" { host = nil }
    }
}

private struct EventSeries: JSONReadable {
    var count = 0
    var lastObserved: Timestamp?

    init() {}

    mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "count": count = try r.int() ?? 0
            case "lastObservedTime": lastObserved = try r.time()
            default: try r.skip()
            }
        }
    }
}

private struct EventSource: JSONReadable {
    var component = ""
    var host: String?

    init() {}

    mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "component": component = try r.text() ?? ""
            case "host": host = try r.text()
            default: try r.skip()
            }
        }
    }
}
