package import Core

/// One case of a comparison between the twin and a real cluster, as `martlet eval twin` prints it.
package struct EvaluationCase: Sendable, Equatable {
    package enum Outcome: String, Sendable, CaseIterable {
        case agrees, differs
        /// Only its own answer shows the state that it needs; outside the share.
        case unseeded
        /// Needs a program that no file describes; outside the share.
        case undescribed

        /// Whether it counts for the share that agrees.
        package var counts: Bool { self == .agrees || self == .differs }
    }

    /// What was expected at a place and what the twin gave; nil for nothing there.
    package struct Difference: Sendable, Equatable {
        package var place: String
        package var expected: JSON?
        package var found: JSON?

        package init(_ place: String, expected: JSON?, found: JSON?) {
            self.place = place
            self.expected = expected
            self.found = found
        }
    }

    package var name: String
    package var outcome: Outcome
    package var differences: [Difference]
    /// Why something was not compared, each reason once.
    package var notes: [String]
    /// Of what was compared, the part that agrees, 0 to 1; nil where a case is one comparison.
    package var share: Double?

    package init(_ name: String, _ outcome: Outcome, differences: [Difference] = [], notes: [String] = []) {
        self.name = name
        self.outcome = outcome
        self.differences = differences
        self.notes = notes
    }

    /// Agrees if nothing differs.
    package init(_ name: String, differences: [Difference], notes: [String] = []) {
        self.init(name, differences.isEmpty ? .agrees : .differs, differences: differences, notes: notes)
    }

    /// One line: `case`, `outcome`, and where there are any `share`, `differences` and `notes`.
    package var json: JSON {
        var out: JSON = ["case": .string(name), "outcome": .string(outcome.rawValue)]
        if let share { out["share"] = .number((share * 10_000).rounded(.down) / 10_000) }
        if !differences.isEmpty {
            out["differences"] = .array(
                differences.map { ["at": .string($0.place), "expected": $0.expected ?? .null, "found": $0.found ?? .null] })
        }
        if !notes.isEmpty { out["notes"] = JSON(notes) }
        return out
    }
}

/// How many cases agree.
package struct EvaluationSummary: Sendable {
    private var counts: [EvaluationCase.Outcome: Int] = [:]

    package init() {}

    package mutating func add(_ result: EvaluationCase) { counts[result.outcome, default: 0] += 1 }

    package func count(_ outcome: EvaluationCase.Outcome) -> Int { counts[outcome] ?? 0 }

    package var total: Int { counts.values.reduce(0, +) }

    /// The cases that count, and the part of them that agrees (0 to 1; 0 when there are none).
    package var counted: Int { counts.reduce(0) { $0 + ($1.key.counts ? $1.value : 0) } }
    package var share: Double { counted == 0 ? 0 : Double(count(.agrees)) / Double(counted) }

    /// The last line: `summary` names the comparison.
    package func json(_ name: String) -> JSON {
        var out: JSON = ["summary": .string(name), "cases": JSON(total)]
        for outcome in EvaluationCase.Outcome.allCases where outcome.counts || count(outcome) > 0 {
            out[outcome.rawValue] = JSON(count(outcome))
        }
        out["share"] = .number((share * 10_000).rounded(.down) / 10_000)
        return out
    }
}
