package import Core

/// What was known of the incident when a plan was proposed for it: what the operation record quotes.
package struct Recommendation: Sendable, Hashable {
    package var number: Int
    package var title: String
    package var cause: String
    package var confidence: Double
    package var evidence: [Evidence]
    /// Whether something was observed in the state of the cause's own entity: words alone never decide an automatic action
    /// (INTERFACES section 7).
    package var restsOnOwnState: Bool

    package init(
        number: Int = 0, title: String = "", cause: String = "", confidence: Double = 0, evidence: [Evidence] = [],
        restsOnOwnState: Bool = false
    ) {
        self.number = number
        self.title = title
        self.cause = cause
        self.confidence = confidence
        self.evidence = evidence
        self.restsOnOwnState = restsOnOwnState
    }

    package init(_ incident: IncidentReference) {
        self.init(
            number: incident.number, title: incident.cause.title, cause: incident.cause.text, confidence: incident.cause.confidence,
            evidence: incident.cause.evidence, restsOnOwnState: OperationEngine.rests(onOwnStateOf: incident.cause))
    }

    package var json: JSON {
        [
            "number": JSON(number), "title": .string(title), "cause": .string(cause), "confidence": .number(confidence),
            "evidence": .array(evidence.map(\.json)), "ownState": .bool(restsOnOwnState),
        ]
    }

    package init(json: JSON) {
        self.init(
            number: json["number"]?.int ?? 0, title: json["title"]?.string ?? "", cause: json["cause"]?.string ?? "",
            confidence: json["confidence"]?.double ?? 0, evidence: (json["evidence"]?.array ?? []).compactMap(Evidence.init(json:)),
            restsOnOwnState: json["ownState"]?.bool ?? false)
    }
}
