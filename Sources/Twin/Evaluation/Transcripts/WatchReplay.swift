import Core
import Kubernetes

/// A recorded watch: a sequence of lines, replayed by letting the changes happen that other exchanges show.
struct WatchReplay {
    let evidence: Evidence
    let source: Int

    private var exchange: Exchange { evidence.exchanges[source] }

    /// The newest version that the recorded stream names.
    private var end: Int64 { exchange.events.compactMap { Self.version($0["object"]) }.max() ?? 0 }

    func frames(of watch: WatchRequest, on cluster: ClusterState, now: Timestamp) async -> [JSON] {
        var state = cluster
        var streams = StreamTable()
        let stream = streams.open(watch, store: state.store, now: now) { _ in }
        let start = watch.version
        let changes = evidence.keys.flatMap { evidence.others(of: $0, without: source) }.filter { $0.version > start && $0.version <= end }
        var seen: Set<Int64> = []
        var time = now
        for change in changes.sorted(by: { $0.version < $1.version }) where seen.insert(change.version).inserted {
            // What the state was made of is no change.
            if let known = state.store.get(change.key).flatMap(Self.version), known >= change.version { continue }
            state.store.take(over: change.object, key: change.key, version: change.version)
            time = max(time, Self.changed(change.object) ?? time)
            streams.publish(state, now: min(time, watch.deadline.map { $0 - .seconds(1) } ?? time))
        }
        streams.publish(state, now: watch.deadline ?? now)
        streams.closeAll()
        var out: [JSON] = []
        var bytes: [UInt8] = []
        for await piece in stream { bytes += piece }
        for line in bytes.split(separator: 0x0A) { if let event = try? JSON(parsing: Array(line)) { out.append(event) } }
        return out
    }

    /// When an object was last changed, as its managers say.
    private static func changed(_ object: JSON?) -> Timestamp? {
        (object?[at: "metadata", "managedFields"]?.array ?? []).compactMap { $0["time"]?.string.flatMap { Timestamp($0) } }.max()
    }

    func compare(_ found: [JSON], into comparison: inout BodyComparison) {
        comparison.agesDiffer = true
        let theirs = exchange.events.filter { isKnown($0) }
        if theirs.count < exchange.events.count { comparison.note(.unseenState) }
        let (a, b) = (ordered(theirs), ordered(found.filter { Self.version($0["object"]).map { $0 <= end } ?? true || !Self.isChange($0) }))
        comparison.compare(
            expected: JSON(a.map { $0["type"]?.string ?? "" }), found: JSON(b.map { $0["type"]?.string ?? "" }), at: "events[*].type")
        for (i, pair) in zip(a, b).enumerated() {
            comparison.compare(expected: pair.0, found: pair.1, at: "events[\(i)]", assumed: assumed(pair.1))
        }
    }

    /// Bookmarks may come twice at the end, and the first state comes in no order that is defined.
    private func ordered(_ events: [JSON]) -> [JSON] {
        var out: [JSON] = []
        for event in events {
            if event["type"] == "BOOKMARK", let last = out.last, last["type"] == "BOOKMARK",
                last[at: "object", "metadata", "annotations"] == event[at: "object", "metadata", "annotations"]
            {
                continue
            }
            out.append(event)
        }
        let initial = out.prefix { $0["type"] == "ADDED" }.count
        guard exchange.request.flag("sendInitialEvents") || exchange.request["resourceVersion"] ?? "0" == "0" else { return out }
        return out[..<initial].sorted { Self.name($0["object"]) < Self.name($1["object"]) } + out[initial...]
    }

    /// Whether another exchange shows the change: the object of an event at its version, or the object at all where it stands for what was
    /// there before.
    private func isKnown(_ event: JSON) -> Bool {
        guard Self.isChange(event) else { return true }
        return RecordedPlace(exchange).map { place in
            let key = place.key(
                namespace: Self.namespace(event["object"]), name: Self.name(event["object"]), kind: place.kind(in: event["object"] ?? [:]))
            let others = evidence.others(of: key, without: source)
            let isInitial =
                event["type"] == "ADDED" && (Self.version(event["object"]) ?? 0) <= (exchange.version ?? 0) || exchange.version ?? 0 == 0
            return others.contains { $0.version == Self.version(event["object"]) } || isInitial && !others.isEmpty
        } ?? false
    }

    private func assumed(_ event: JSON) -> BodyComparison.Assumed? {
        guard Self.isChange(event), let version = Self.version(event["object"]), let place = RecordedPlace(exchange) else { return nil }
        let key = place.key(namespace: Self.namespace(event["object"]), name: Self.name(event["object"]), kind: "")
        if evidence.others(of: key, without: source).contains(where: { $0.version == version }) { return nil }
        return .init(object: event["object"] ?? [:], request: nil)
    }

    private static func isChange(_ event: JSON) -> Bool { ["ADDED", "MODIFIED", "DELETED"].contains(event["type"]?.string) }
    /// The metadata of the object of an event, also in a table.
    private static func metadata(_ object: JSON?) -> JSON? { object?["rows"]?[0]?[at: "object", "metadata"] ?? object?["metadata"] }
    private static func version(_ object: JSON?) -> Int64? { metadata(object)?["resourceVersion"]?.string.flatMap { Int64($0) } }
    private static func name(_ object: JSON?) -> String { metadata(object)?["name"]?.string ?? "" }
    private static func namespace(_ object: JSON?) -> String { metadata(object)?["namespace"]?.string ?? "" }
}

/// A recorded log that was followed.
enum LogReplay {
    static func text(of log: LogRequest, on cluster: ClusterState) -> String {
        guard
            case .lines(let all) = cluster.simulation.containerLog(
                namespace: log.namespace, pod: log.pod, container: log.container, previous: false, store: cluster.store)
        else { return "" }
        return String(decoding: log.frame(log.tail.map { Array(all.suffix($0)) } ?? all), as: UTF8.self)
    }
}
