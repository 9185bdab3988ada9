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

    /// What shows only when the twin has answered otherwise.
    static func reason(_ source: Int, _ evidence: Evidence, found status: Int, body: JSON?) -> String? {
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
        let message = exchange.response?["message"]?.string ?? ""
        for (phrase, type) in admissionObjects where exchange.status >= 400 && message.contains(phrase) {
            if !evidence.keys.contains(where: { $0.type.plural == type && evidence.knows($0, without: source) }) {
                return "the \(type) that refused it are shown nowhere else"
            }
        }
        return nil
    }

    private static let admissionObjects = [
        ("exceeded quota:", "resourcequotas"), ("failed calling webhook", "validatingwebhookconfigurations"),
        ("admission webhook", "validatingwebhookconfigurations"), ("ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
        ("with binding '", "validatingadmissionpolicybindings"),
        (" usage per ", "limitranges"),
    ]

    private static func key(_ object: JSON, _ place: RecordedPlace, _ exchange: Exchange) -> ObjectKey {
        place.key(
            namespace: object[at: "metadata", "namespace"]?.string ?? "", name: object[at: "metadata", "name"]?.string ?? "",
            kind: place.kind(in: exchange.response ?? object))
    }
}
