import Core
import Kubernetes

/// An object as one exchange shows it.
struct Observation: Sendable {
    let key: ObjectKey
    let version: Int64
    /// In the form in which it is stored; nil: it is gone.
    let object: JSON?
    /// The exchange that shows it, by its place in the order.
    let source: Int
    /// Whether the version is only the newest that it may have: a deletion whose answer names none.
    var isUndated = false
}

/// What a folder of exchanges shows of the cluster's state, and when.
struct Evidence: Sendable {
    let exchanges: [Exchange]
    private(set) var observations: [ObjectKey: [Observation]] = [:]
    /// Keys in order.
    let keys: [ObjectKey]

    init(_ exchanges: [Exchange]) {
        self.exchanges = exchanges
        var found: [ObjectKey: [Observation]] = [:]
        for (source, exchange) in exchanges.enumerated() where !exchange.isDryRun && (200..<300).contains(exchange.status) {
            let bounds = Evidence.bounds(of: source, in: exchanges)
            let isUndated = exchange.method == "DELETE" && exchange.response?["kind"] == "Status"
            for item in Evidence.shown(by: exchange, last: bounds.upperBound) {
                found[item.key, default: []].append(
                    Observation(key: item.key, version: item.version, object: item.object, source: source, isUndated: isUndated))
            }
        }
        observations = found.mapValues { list in
            list.enumerated().sorted { ($0.element.version, $0.offset) < ($1.element.version, $1.offset) }.map(\.element)
        }
        keys = found.keys.sorted()
    }

    /// The versions between which an exchange was answered: the newest that an earlier second shows, and the newest of its own second.
    static func bounds(of source: Int, in exchanges: [Exchange]) -> ClosedRange<Int64> {
        guard let date = exchanges[source].date else { return 0...Int64.max }
        func newest(_ isIn: (Timestamp) -> Bool) -> Int64 {
            exchanges.compactMap { exchange in
                guard !exchange.isWatch, exchange.status < 300, let time = exchange.date, isIn(time) else { return nil }
                return exchange.version
            }.max() ?? 0
        }
        let low = newest { $0 < date }
        return low...max(low, newest { $0 <= date })
    }

    // MARK: Reading an answer

    private static func shown(by exchange: Exchange, last: Int64) -> [(key: ObjectKey, version: Int64, object: JSON?)] {
        guard let place = RecordedPlace(exchange), place.subresource.map({ RecordedPlace.wholeObject.contains($0) }) ?? true else {
            return []
        }
        if exchange.isWatch {
            return exchange.events.compactMap { event in
                guard event["type"] != "BOOKMARK", event["type"] != "ERROR", let object = event["object"] else { return nil }
                let isGone = event["type"] == "DELETED"
                // With a selector it may only have left that.
                if isGone, exchange.request["labelSelector"] != nil, object[at: "metadata", "deletionTimestamp"] == nil { return nil }
                return place.observation(of: object, isGone: isGone)
            }
        }
        guard let body = exchange.response else { return [] }
        if let items = body["items"]?.array, body["kind"] == .string(place.kind(in: body) + "List") {
            return items.compactMap { place.observation(of: $0, isGone: exchange.method == "DELETE") }
        }
        if exchange.method == "DELETE" {
            if body["kind"] == "Status", let name = place.name {
                return [(place.key(namespace: place.namespace ?? "", name: name), last, nil)]
            }
            let stays =
                body[at: "metadata", "finalizers"]?.array?.isEmpty == false || body[at: "spec", "finalizers"] != nil
                || body[at: "metadata", "deletionGracePeriodSeconds"].map { $0 != 0 } ?? false
            return place.observation(of: body, isGone: !stays).map { [$0] } ?? []
        }
        return place.observation(of: body, isGone: false).map { [$0] } ?? []
    }

    // MARK: Looking up

    /// What other exchanges show of an object.
    func others(of key: ObjectKey, without source: Int) -> [Observation] { (observations[key] ?? []).filter { $0.source != source } }

    /// Whether another exchange ever shows an object of this type and name.
    func knows(_ key: ObjectKey, without source: Int) -> Bool { !others(of: key, without: source).isEmpty }

    /// The object as other exchanges let it be assumed for `exchange` at a version: the newest state up to it, else the first later one of an
    /// object that existed already.
    func state(of key: ObjectKey, for source: Int, at version: Int64) -> Observation? {
        let exchange = exchanges[source]
        let date = exchange.date
        // Within a second what names a version comes before what names none.
        let all = others(of: key, without: source).filter {
            !($0.isUndated && $0.source > source && exchange.version != nil && exchanges[$0.source].date == date)
        }
        if let last = all.last(where: { $0.version <= version }) {
            guard let object = last.object else { return nil }
            // A pod whose time to end is over, and that nobody has seen since, has gone.
            if let date, object[at: "metadata", "finalizers"]?.array?.isEmpty ?? true, key.type != .namespaces,
                let end = object[at: "metadata", "deletionTimestamp"]?.string.flatMap({ Timestamp($0) }), end < date,
                !all.contains(where: { $0.version > version && $0.object != nil })
            {
                return nil
            }
            return last
        }
        guard let next = all.first(where: { $0.version > version }), let object = next.object, let date,
            let made = object[at: "metadata", "creationTimestamp"]?.string.flatMap({ Timestamp($0) }),
            made < date || made == date && exchange.finds(key), !exchange.makes(key)
        else { return nil }
        return Observation(key: key, version: next.version, object: Evidence.undeleted(object), source: next.source)
    }

    /// A later state of an object as it was before anybody deleted it.
    private static func undeleted(_ object: JSON) -> JSON {
        guard object[at: "metadata", "deletionTimestamp"] != nil else { return object }
        var object = object
        object[at: "metadata", "deletionTimestamp"] = nil
        object[at: "metadata", "deletionGracePeriodSeconds"] = nil
        if object["kind"] == "Pod", let generation = object[at: "metadata", "generation"]?.int {
            object[at: "metadata", "generation"] = JSON(generation - 1)
        }
        if object[at: "status", "phase"] == "Terminating" { object["status"] = ["phase": "Active"] }
        return object
    }
}

extension Exchange {
    /// Whether the answer lets no doubt that the object was there: it was read, changed, or in the way of another one.
    func finds(_ key: ObjectKey) -> Bool {
        guard let place = RecordedPlace(self), place.plural == key.type.plural, place.group == key.type.group else { return false }
        if place.name == nil { return method == "POST" && status == 409 && requestJSON?[at: "metadata", "name"]?.string == key.name }
        return place.name == key.name && (place.namespace ?? "") == key.namespace && status != 404 && status != 201
            && !(status == 403 && response?["message"]?.string?.contains("User \"") ?? true)
    }

    /// Whether the answer lets no doubt that the object was not there before.
    func makes(_ key: ObjectKey) -> Bool {
        guard status == 201, let place = RecordedPlace(self), place.subresource == nil, place.plural == key.type.plural,
            place.group == key.type.group
        else { return false }
        return (place.name ?? requestJSON?[at: "metadata", "name"]?.string) == key.name
    }

    /// The version of the object that the request says it has read.
    var requestedVersion: String? {
        if let text = requestJSON?[at: "metadata", "resourceVersion"]?.string, !text.isEmpty { return text }
        return requestJSON?.array?.first { $0["path"] == "/metadata/resourceVersion" && $0["op"] == "test" }?["value"]?.string
    }
}
