package import Core

/// Which labels are selected: all parts must match, and no part at all selects everything.
package struct LabelSelector: JSONReadable, Hashable, CustomStringConvertible {
    package enum Operator: String, Sendable { case `in` = "In", notIn = "NotIn", exists = "Exists", doesNotExist = "DoesNotExist" }

    package struct Requirement: Sendable, Hashable {
        package var key: String
        package var `operator`: Operator
        package var values: [String]

        package init(key: String, operator: Operator, values: [String] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    package var matchLabels: [String: String] = [:]
    package var matchExpressions: [Requirement] = []

    package init() {}
    package init(matchLabels: [String: String]) { self.matchLabels = matchLabels }

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "matchLabels": matchLabels = try r.map()
            case "matchExpressions":
                try r.elements { (r) throws(JSONError) in if let one = try Requirement(from: &r) { matchExpressions.append(one) } }
            default: try r.skip()
            }
        }
    }

    package var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    package func matches(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value } && matchExpressions.allSatisfy { $0.matches(labels) }
    }

    /// The form of `-l` and of the query: `app=web,tier in (a,b),!old`. Keys are sorted.
    package var description: String {
        let labels = matchLabels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return (labels + matchExpressions.map(\.description)).joined(separator: ",")
    }
}

extension LabelSelector.Requirement: CustomStringConvertible {
    /// Nil for an operator that does not exist, since guessing would select the wrong objects.
    init?(from reader: inout JSONReader) throws(JSONError) {
        var key = ""
        var word = ""
        var values: [String] = []
        try reader.members { (r, name) throws(JSONError) in
            switch name {
            case "key": key = try r.text() ?? ""
            case "operator": word = try r.text() ?? ""
            case "values": values = try r.texts()
            default: try r.skip()
            }
        }
        guard let op = LabelSelector.Operator(rawValue: word), !key.isEmpty else { return nil }
        self.init(key: key, operator: op, values: values)
    }

    package func matches(_ labels: [String: String]) -> Bool {
        switch `operator` {
        case .in: labels[key].map(values.contains) ?? false
        case .notIn: labels[key].map { !values.contains($0) } ?? true
        case .exists: labels[key] != nil
        case .doesNotExist: labels[key] == nil
        }
    }

    package var description: String {
        switch `operator` {
        case .in: "\(key) in (\(values.sorted().joined(separator: ",")))"
        case .notIn: "\(key) notin (\(values.sorted().joined(separator: ",")))"
        case .exists: key
        case .doesNotExist: "!\(key)"
        }
    }
}
