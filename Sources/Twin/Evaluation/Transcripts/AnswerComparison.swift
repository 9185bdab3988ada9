import Core
import Kubernetes

/// Compares a whole answer with the recorded one, object by object.
struct AnswerComparison {
    let evidence: Evidence
    let source: Int
    let state: RecordedState

    private var exchange: Exchange { evidence.exchanges[source] }

    func compare(_ answer: APIAnswer, _ found: JSON?, into comparison: inout BodyComparison) {
        // The body was left out of the capture.
        if exchange.responseHeaders["content-encoding"] == "gzip", exchange.response == nil { return comparison.note(.compressed) }
        guard let expected = exchange.response else {
            let text = exchange.responseBody.trimmingNewlines
            let own = String(decoding: answer.body, as: UTF8.self).trimmingNewlines
            if Exclusion.leveled(text) != Exclusion.leveled(own) { comparison.differ("body", expected: .string(text), found: .string(own)) }
            return
        }
        guard let found else {
            let own = String(decoding: answer.body, as: UTF8.self).trimmingNewlines
            return comparison.differ("body", expected: expected, found: .string(own))
        }
        guard let place = RecordedPlace(exchange), exchange.status < 300 else {
            return comparison.compare(expected: expected, found: found, at: "")
        }
        for field in ["items", "rows"] {
            if let a = expected[field]?.array, let b = found[field]?.array {
                return collection(expected, a, found, b, field, place, into: &comparison)
            }
        }
        comparison.compare(expected: expected, found: found, at: "", assumed: assumed(place, expected: expected))
    }

    // MARK: One object

    /// The object that the twin worked on, unless it is known to be the one that the real server worked on.
    private func assumed(_ place: RecordedPlace, expected: JSON) -> BodyComparison.Assumed? {
        guard let key = place.key(kind: expected["kind"]?.string ?? ""), let origin = state.origins[key], let object = origin.object else {
            return nil
        }
        if isKnown(origin, expected) { return nil }
        return .init(object: served(object, place), request: RequestedFields.of(exchange))
    }

    private func served(_ object: JSON, _ place: RecordedPlace) -> JSON {
        APIResources.served[place.group, place.version, place.plural].map { ServedForm.served(object, $0) } ?? object
    }

    /// Whether the recorded answer was made from this very version: it says so, the request does, or nobody else wrote in between.
    private func isKnown(_ origin: Observation, _ expected: JSON) -> Bool {
        let version = String(origin.version)
        if exchange.method == "GET" || exchange.isDryRun { return expected[at: "metadata", "resourceVersion"]?.string == version }
        if exchange.requestJSON?[at: "metadata", "resourceVersion"]?.string == version { return true }
        guard let object = origin.object, let date = exchange.date, object["status"] == expected["status"] else { return false }
        func others(_ object: JSON) -> [JSON] {
            (object[at: "metadata", "managedFields"]?.array ?? []).filter { entry in
                entry["time"]?.string.flatMap { Timestamp($0) }.map { $0 < date } ?? true
            }
        }
        let before = object[at: "metadata", "managedFields"]?.array ?? []
        return !before.isEmpty && others(expected).allSatisfy(before.contains)
            && before.allSatisfy { ($0["time"]?.string.flatMap { Timestamp($0) } ?? date) <= date }
    }

    // MARK: Many objects

    private func collection(
        _ expected: JSON, _ theirs: [JSON], _ found: JSON, _ ours: [JSON], _ field: String, _ place: RecordedPlace,
        into comparison: inout BodyComparison
    ) {
        func key(_ item: JSON) -> ObjectKey {
            let metadata = (field == "rows" ? item["object"] : item)?["metadata"]
            return place.key(
                namespace: metadata?["namespace"]?.string ?? "", name: metadata?["name"]?.string ?? "", kind: place.kind(in: expected))
        }
        let known = theirs.filter { state.origins[key($0)] != nil }
        let named = Set(theirs.map(key))
        let isPartial = known.count < theirs.count
        let own = ours.filter { item in
            let key = key(item)
            if named.contains(key) { return state.origins[key] != nil }
            // What is shown before and after must be in between; of the rest nobody knows.
            guard let origin = state.origins[key], !isPartial else { return false }
            return evidence.others(of: key, without: source).contains { $0.version > origin.version && $0.object != nil }
        }
        if isPartial || own.count < ours.count { comparison.note(.unseenState) }
        var (a, b) = (expected, found)
        a[field] = []
        b[field] = []
        if isPartial {
            for member in ["continue", "remainingItemCount"] { a[at: "metadata", member] = nil; b[at: "metadata", member] = nil }
        }
        if a[at: "metadata", "remainingItemCount"] != nil, b[at: "metadata", "remainingItemCount"] != nil {
            // It counts objects that no exchange may show.
            a[at: "metadata", "remainingItemCount"] = nil
            b[at: "metadata", "remainingItemCount"] = nil
            comparison.note(.unseenState)
        }
        comparison.compare(expected: a, found: b, at: "")
        comparison.compare(
            expected: JSON(known.map { key($0).name }), found: JSON(own.map { key($0).name }), at: "\(field)[*].metadata.name")
        for item in known {
            let key = key(item)
            guard let mine = own.first(where: { self.name($0, field) == key.name && self.namespace($0, field) == namespace(item, field) }),
                let origin = state.origins[key], let object = origin.object
            else { continue }
            let metadata = (field == "rows" ? item["object"] : item)?["metadata"]
            let isKnown = metadata?["resourceVersion"]?.string == String(origin.version)
            guard field == "items" else {
                // The cells of a row are made of the whole object.
                if isKnown {
                    comparison.compare(expected: item, found: mine, at: "rows.\(key.name)")
                } else {
                    comparison.note(.unseenState)
                }
                continue
            }
            var shown = served(object, place)
            if expected["kind"] == "PartialObjectMetadataList" {
                shown = ["metadata": shown["metadata"] ?? [:], "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"]
            }
            comparison.compare(
                expected: item, found: mine, at: "items.\(key.name)", assumed: isKnown ? nil : .init(object: shown, request: nil))
        }
    }

    private func name(_ item: JSON, _ field: String) -> String? {
        (field == "rows" ? item["object"] : item)?[at: "metadata", "name"]?.string
    }
    private func namespace(_ item: JSON, _ field: String) -> String? {
        (field == "rows" ? item["object"] : item)?[at: "metadata", "namespace"]?.string
    }
}

/// What a request itself says about the object that it writes.
enum RequestedFields {
    static func of(_ exchange: Exchange) -> JSON? {
        guard let body = exchange.requestJSON, exchange.method != "DELETE" else { return nil }
        guard let steps = body.array else { return body }
        var out: JSON = [:]
        for step in steps where step["op"] != "test" {
            let parts = (step["path"]?.string ?? "").split(separator: "/").map(String.init)
            // Positions in lists are not followed: the whole list is spoken of.
            let path = parts.prefix { Int($0) == nil && $0 != "-" }
            if !path.isEmpty {
                out[path: path.map { $0.replacing("~1", with: "/").replacing("~0", with: "~") }[...]] = step["value"] ?? true
            }
        }
        return out
    }
}
