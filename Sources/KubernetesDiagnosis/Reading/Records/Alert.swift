package import Core

/// An alert as Alertmanager's API v2 gives it: an element of `alerts.json` (SNAPSHOT.md).
package struct Alert: Sendable, Hashable {
    package let labels: [String: String]
    /// `summary`, `description`, …: text of whoever wrote the alerting rule.
    package let annotations: [String: String]
    package let startsAt: Timestamp?
    /// When it ended, or will unless it is sent again.
    package let endsAt: Timestamp?
    /// `active`, `suppressed` or `unprocessed`.
    package let state: String

    package init(
        labels: [String: String], annotations: [String: String] = [:], startsAt: Timestamp? = nil, endsAt: Timestamp? = nil,
        state: String = "active"
    ) {
        self.labels = labels
        self.annotations = annotations
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.state = state
    }

    /// Nil where it has no labels.
    init?(json: JSON) {
        let labels = json["labels"].texts
        if labels.isEmpty { return nil }
        self.init(
            labels: labels, annotations: json["annotations"].texts, startsAt: json["startsAt"]?.string.flatMap { Timestamp($0) },
            endsAt: json["endsAt"]?.string.flatMap { Timestamp($0) }, state: json[at: "status", "state"]?.string ?? "active")
    }

    /// The label `alertname`.
    package var name: String { labels["alertname"] ?? "" }

    /// Whether it has begun and not ended. That somebody silenced it does not end it.
    package func isFiring(at time: Timestamp) -> Bool {
        // Alertmanager writes year 1 for "no end".
        (startsAt ?? time) <= time && (endsAt.map { $0 > time || $0.seconds <= 0 } ?? true)
    }
}

extension JSON? {
    /// The members of an object that are strings.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        for (key, value) in self?.object ?? [:] { texts[key] = value.string }
        return texts
    }
}
