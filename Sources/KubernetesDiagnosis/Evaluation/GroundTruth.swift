package import Core

/// What is wrong in a recorded case: its `expected.json`.
package struct GroundTruth: Sendable {
    /// One fault, and what else is as right to say of it.
    package struct Fault: Sendable {
        package let category: String
        package let resource: String
        package let namespace: String?
        private let accepted: Set<String>

        init(_ json: JSON, namespace: String?) {
            category = json["category"]?.string ?? ""
            resource = json["resource"]?.string ?? ""
            self.namespace = json["resource_namespace"]?.string ?? json["namespace"]?.string ?? namespace
            accepted = Set((json["accept"]?.array ?? []).compactMap(\.string) + [category])
        }

        /// Whether an answer names this fault. What is in no namespace is found by its name alone.
        package func isNamed(by blame: DiagnosisAnswer.Blame) -> Bool {
            accepted.contains(blame.category) && resource == blame.resource
                && (blame.namespace.isEmpty || namespace == nil || blame.namespace == namespace)
        }
    }

    /// `healthy`, `multiple`, or a slug of `docs/categories.md`.
    package let category: String
    /// None where nothing is wrong.
    package let faults: [Fault]

    /// Nil where it does not say its category.
    package init?(json: JSON) {
        guard let category = json["category"]?.string else { return nil }
        self.category = category
        let namespace = json["namespace"]?.string
        if category == DiagnosisAnswer.healthy {
            faults = []
        } else if let several = json["faults"]?.array {
            faults = several.map { Fault($0, namespace: namespace) }
        } else {
            faults = [Fault(json, namespace: namespace)]
        }
    }

    private var isMultiple: Bool { category == "multiple" }

    /// Whether the first `count` answers hold the truth. Of several faults, the incidents have to be exactly these, whatever the count.
    package func isRight(_ answer: DiagnosisAnswer, first count: Int) -> Bool {
        if faults.isEmpty { return answer.incidents.isEmpty }
        guard isMultiple else { return answer.ranking.prefix(count).contains(where: faults[0].isNamed) }
        return faults.count == answer.incidents.count
            && faults.allSatisfy { fault in answer.incidents.count(where: fault.isNamed) == 1 }
            && answer.incidents.allSatisfy { blame in faults.contains { $0.isNamed(by: blame) } }
    }

    /// Incidents that are none of the faults.
    package func excess(_ answer: DiagnosisAnswer) -> Int { answer.incidents.count { blame in !faults.contains { $0.isNamed(by: blame) } } }

    package var json: JSON {
        var out: JSON = ["category": .string(category)]
        if faults.count == 1, !isMultiple { out["resource"] = .string(faults[0].resource) }
        if isMultiple { out["faults"] = .array(faults.map { ["category": .string($0.category), "resource": .string($0.resource)] }) }
        return out
    }
}
