import Core

/// A label selector of the API, read from JSON (meta/v1 LabelSelector): all requirements must hold; an empty one selects everything,
/// an absent one nothing.
struct Selection: Sendable {
    enum Operator: Sendable { case `in`, notIn, exists, doesNotExist, greater, less }
    struct Requirement: Sendable {
        let key: String
        let `operator`: Operator
        let values: [String]

        func holds(_ labels: [String: String]) -> Bool {
            switch self.operator {
            case .in: labels[key].map(values.contains) ?? false
            case .notIn: !(labels[key].map(values.contains) ?? false)
            case .exists: labels[key] != nil
            case .doesNotExist: labels[key] == nil
            case .greater: compare(labels) { $0 > $1 }
            case .less: compare(labels) { $0 < $1 }
            }
        }

        private func compare(_ labels: [String: String], _ order: (Int64, Int64) -> Bool) -> Bool {
            guard let a = labels[key].flatMap({ Int64($0) }), let b = values.first.flatMap({ Int64($0) }) else { return false }
            return order(a, b)
        }
    }

    let requirements: [Requirement]

    /// Labels that must be there with their values, as Services and nodeSelectors have them.
    init(labels: [String: String]) {
        requirements = labels.map { Requirement(key: $0.key, operator: .in, values: [$0.value]) }
    }

    /// Nil for an absent selector.
    init?(_ selector: JSON?) {
        guard let members = selector?.object else { return nil }
        var requirements = (members["matchLabels"]?.stringMap ?? [:]).map { Requirement(key: $0.key, operator: .in, values: [$0.value]) }
        for expression in members["matchExpressions"]?.array ?? [] {
            guard let requirement = Selection.requirement(expression) else { return nil }
            requirements.append(requirement)
        }
        self.requirements = requirements
    }

    /// One expression of a label or node selector; nil for an unknown operator.
    static func requirement(_ expression: JSON) -> Requirement? {
        let op: Operator
        switch expression["operator"]?.string {
        case "In": op = .in
        case "NotIn": op = .notIn
        case "Exists": op = .exists
        case "DoesNotExist": op = .doesNotExist
        case "Gt": op = .greater
        case "Lt": op = .less
        default: return nil
        }
        return Requirement(
            key: expression["key"]?.string ?? "", operator: op, values: expression["values"]?.array?.compactMap(\.string) ?? [])
    }

    private init(_ requirements: [Requirement]) { self.requirements = requirements }

    /// This and more.
    func adding(_ more: [Requirement]) -> Selection { Selection(requirements + more) }

    func matches(_ labels: [String: String]) -> Bool { requirements.allSatisfy { $0.holds(labels) } }
}
