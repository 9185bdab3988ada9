/// Functions of regular expressions (cel-spec, "matches"; kubernetes.io, "Kubernetes regex library").
enum Patterns {
    static let overloads: [Overload] = [
        Overload("matches", [.string, .string], .bool, matches),
        Overload(on: .string, "matches", [.string], .bool, matches),
        Overload(on: .string, "find", [.string], .string) { values, meter in
            let found = try all(values[0], values[1], limit: 1, &meter)
            return found.first ?? .string("")
        },
        Overload(on: .string, "findAll", [.string], .list(.string)) { values, meter in
            .list(try all(values[0], values[1], limit: .max, &meter))
        },
        Overload(on: .string, "findAll", [.string, .int], .list(.string)) { values, meter in
            guard case .int(let limit) = values[2] else { throw EvaluationError.noSuchOverload }
            return .list(try all(values[0], values[1], limit: limit < 0 ? .max : limit, &meter))
        },
    ]

    private static func compiled(_ pattern: String, _ count: Int, _ meter: inout Meter) throws -> Pattern {
        do {
            let pattern = try Pattern(pattern)
            try meter.pay((count + 1) * (pattern.size + 3) / 40)
            return pattern
        } catch let problem as Pattern.Problem {
            throw EvaluationError(problem.message)
        }
    }

    @Sendable private static func matches(_ values: [Value], _ meter: inout Meter) throws -> Value {
        let text = values[0].string ?? ""
        return .bool(try compiled(values[1].string ?? "", text.unicodeScalars.count, &meter).matches(text))
    }

    private static func all(_ text: Value, _ pattern: Value, limit: Int64, _ meter: inout Meter) throws -> [Value] {
        let text = Array((text.string ?? "").unicodeScalars)
        let pattern = try compiled(pattern.string ?? "", text.count, &meter)
        var found: [Value] = []
        var at = 0
        while Int64(found.count) < limit, at <= text.count, let match = pattern.first(in: text, from: at) {
            try meter.pay(1 + (match.upperBound - at) * pattern.size / 40)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: text[match])
            found.append(.string(String(view)))
            at = match.isEmpty ? match.upperBound + 1 : match.upperBound
        }
        return found
    }
}
