package import Core
package import Diagnosis

/// What a diagnosis says of one case, as `martlet eval diagnosis` prints it.
package struct DiagnosisAnswer: Sendable {
    /// A fault somewhere, and how sure that is.
    package struct Blame: Sendable, Hashable {
        package let category: String
        /// `Kind/name`
        package let resource: String
        package let namespace: String
        /// 0 to 1, two decimals.
        package let confidence: Double

        package init(category: String, resource: String, namespace: String, confidence: Double) {
            self.category = category
            self.resource = resource
            self.namespace = namespace
            self.confidence = confidence
        }

        package var isUndecided: Bool { category == Cause.undecidedCategory }
    }

    package static let healthy = "healthy"

    /// In the order of the report.
    package let incidents: [Blame]
    /// The first incident, what else it may be, and the other incidents: the answers in the order in which they would be tried.
    package let ranking: [Blame]

    package init(_ report: DiagnosisReport) {
        incidents = report.causes.map {
            Blame(
                category: $0.category, resource: $0.resource.resource, namespace: $0.resource.namespace, confidence: $0.roundedConfidence)
        }
        let others = (report.causes.first?.alternatives ?? []).map {
            Blame(
                category: $0.category, resource: $0.resource.resource, namespace: $0.resource.namespace,
                confidence: ($0.confidence * 100).rounded() / 100)
        }
        ranking = incidents.prefix(1) + others + incidents.dropFirst()
    }

    package var category: String { incidents.first?.category ?? DiagnosisAnswer.healthy }
    package var isUndecided: Bool { incidents.first?.isUndecided ?? false }

    /// One line without the time that it took.
    package func json(case name: String) -> JSON {
        let first = incidents.first
        return [
            "case": .string(name), "category": .string(category), "resource": first.map { .string($0.resource) } ?? .null,
            // That nothing is wrong is said only where nothing is.
            "confidence": .number(first?.confidence ?? 1), "undecided": .bool(isUndecided),
            "ranking": .array(
                ranking.map {
                    ["category": .string($0.category), "resource": .string($0.resource), "confidence": .number($0.confidence)]
                }),
            "namespace": first.map { .string($0.namespace) } ?? .null,
            "incidents": .array(
                incidents.map {
                    [
                        "category": .string($0.category), "resource": .string($0.resource), "namespace": .string($0.namespace),
                        "confidence": .number($0.confidence),
                    ]
                }),
        ]
    }
}
