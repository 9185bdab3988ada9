import Core
import Kubernetes

/// Why an exchange cannot be replayed: only its own answer shows the state that it needs.
enum Unseeded {
    /// What can be said before the twin is asked; nil: it can be replayed.
    static func reason(_ source: Int, _ evidence: Evidence) -> String? {
        let exchange = evidence.exchanges[source]
        if exchange.status == 0 {
            return "the connection was closed without an answer: what the server suffered from is shown nowhere else"
        }
        if !RecordedLogs(evidence.exchanges, without: source).covers(exchange) { return "the lines of the log are shown nowhere else" }
        if let token = exchange.requestJSON?[at: "spec", "token"]?.string, token.contains("REDACTED") {
            return "whose token it is cannot be told, since it is redacted"
        }
        guard let place = RecordedPlace(exchange), (200..<300).contains(exchange.status) else { return nil }
        if place.subresource == "proxy" { return "what answers behind the proxy is shown nowhere else" }
        if place.group == "metrics.k8s.io" { return "the use of processor and memory is shown nowhere else" }
        if exchange.isWatch {
            let keys = exchange.events.filter { ["ADDED", "MODIFIED", "DELETED"].contains($0["type"]?.string) }
                .compactMap { $0["object"] }.map { self.key(($0["rows"]?[0]?["object"] ?? $0), place, exchange) }
            return keys.isEmpty || keys.contains { evidence.knows($0, without: source) }
                ? nil : "the objects of the stream are shown nowhere else"
        }
        guard let body = exchange.response else { return nil }
        if let rows = body["items"]?.array ?? body["rows"]?.array?.map({ $0["object"] ?? [:] }) {
            if rows.isEmpty || rows.contains(where: { evidence.knows(key($0, place, exchange), without: source) }) { return nil }
            return "the objects of the list are shown nowhere else"
        }
        guard let key = place.key(kind: body["kind"]?.string ?? ""), exchange.method == "GET", place.subresource == nil else { return nil }
        let version = body[at: "metadata", "resourceVersion"]?.string
        return evidence.others(of: key, without: source).contains { String($0.version) == version }
            ? nil : "the object at this version is shown nowhere else"
    }

    /// What shows only when the twin has answered otherwise. `origins`: what the objects of its state were taken from.
    static func reason(
        _ source: Int, _ evidence: Evidence, found status: Int, body: JSON?, on origins: [ObjectKey: Observation]
    ) -> String? {
        let exchange = evidence.exchanges[source]
        let place = RecordedPlace(exchange)
        // The twin misses an object that nobody else shows, and the real server did not.
        if status == 404, exchange.status != 404, let name = body?[at: "details", "name"]?.string,
            let plural = body?[at: "details", "kind"]?.string
        {
            let isShown = evidence.keys.contains { $0.name == name && $0.type.plural == plural && evidence.knows($0, without: source) }
            if !isShown { return "\(plural) \"\(name)\" is shown nowhere else" }
        }
        if exchange.status == 404, status != 404, let place, let key = place.key(kind: ""), evidence.knows(key, without: source),
            exchange.response?[at: "details", "name"]?.string == place.name
        {
            return "that \(place.plural) \"\(place.name ?? "")\" is gone is shown nowhere else"
        }
        if exchange.status == 304, let tag = exchange.requestHeaders["if-none-match"] {
            let isShown = evidence.exchanges.enumerated().contains {
                $0.offset != source && $0.element.status == 200 && $0.element.responseHeaders["etag"] == tag
            }
            if !isShown { return "the document with this tag is shown nowhere else" }
        }
        if let place, exchange.status == 409, let why = conflict(exchange, place, evidence, source, origins) { return why }
        let message = exchange.response?["message"]?.string ?? ""
        for (phrase, type) in admissionObjects where exchange.status >= 400 && message.contains(phrase) {
            if !evidence.keys.contains(where: { $0.type.plural == type && evidence.knows($0, without: source) }) {
                return "the \(type) that refused it are shown nowhere else"
            }
        }
        return nil
    }

    /// Why the object of a conflict is not the one that the real server had.
    private static func conflict(
        _ exchange: Exchange, _ place: RecordedPlace, _ evidence: Evidence, _ source: Int, _ origins: [ObjectKey: Observation]
    ) -> String? {
        let name = place.name ?? exchange.response?[at: "details", "name"]?.string ?? ""
        func isMeant(_ key: ObjectKey) -> Bool {
            key.name == name && key.type.plural == place.plural && key.type.group == place.group
                && (key.namespace == place.namespace ?? "" || !key.type.isNamespaced)
        }
        let what = "\(place.plural) \"\(name)\""
        guard let origin = origins.first(where: { isMeant($0.key) })?.value else { return "that there is \(what) is shown nowhere else" }
        let message = exchange.response?["message"]?.string ?? ""
        let shown = evidence.others(of: origin.key, without: source)
        let causes = (exchange.response?[at: "details", "causes"]?.array ?? []).filter { $0["reason"] == "FieldManagerConflict" }
        if !causes.isEmpty {
            let managers = (origin.object?[at: "metadata", "managedFields"]?.array ?? []).compactMap { $0["manager"]?.string }
            let isOwned = causes.allSatisfy { cause in
                managers.contains { cause["message"]?.string?.contains(JSON.string($0).text()) == true }
            }
            return isOwned ? nil : "that others own fields of \(what) is shown nowhere else"
        }
        if message.contains("the object has been modified"), let wanted = exchange.requestedVersion.flatMap({ Int64($0) }) {
            return shown.contains { $0.version > wanted }
                ? nil : "that \(what) has changed is shown nowhere else"
        }
        // A precondition names the version or the uid that was there.
        if let record = message.split(separator: "in record (").dropFirst().first?.prefix(while: { $0 != ")" }) {
            let isShown = shown.contains { String($0.version) == record || $0.object?[at: "metadata", "uid"]?.string == String(record) }
            return isShown ? nil : "\(what) at this version is shown nowhere else"
        }
        return nil
    }

    private static let admissionObjects = [
        ("exceeded quota:", "resourcequotas"), ("failed calling webhook", "validatingwebhookconfigurations"),
        ("admission webhook", "validatingwebhookconfigurations"), ("ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
        ("with binding '", "validatingadmissionpolicybindings"),
        (" usage per ", "limitranges"), ("the pod's disruption budget", "poddisruptionbudgets"),
    ]

    private static func key(_ object: JSON, _ place: RecordedPlace, _ exchange: Exchange) -> ObjectKey {
        place.key(
            namespace: object[at: "metadata", "namespace"]?.string ?? "", name: object[at: "metadata", "name"]?.string ?? "",
            kind: place.kind(in: exchange.response ?? object))
    }
}
