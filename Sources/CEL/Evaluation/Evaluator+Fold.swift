// The macros over lists and maps.
extension Evaluator {
    mutating func fold(_ fold: Expression.Fold) throws -> Value {
        let range = try value(of: fold.range)
        let elements: [[(name: String, value: Value)]]
        switch range {
        case .list(let list):
            elements = list.enumerated().map { index, element in
                fold.variables.count == 1
                    ? [(fold.variables[0], element)] : [(fold.variables[0], .int(Int64(index))), (fold.variables[1], element)]
            }
        case .map(let map):
            elements = map.entries.map { entry in
                fold.variables.count == 1
                    ? [(fold.variables[0], entry.key)] : [(fold.variables[0], entry.key), (fold.variables[1], entry.value)]
            }
        default: throw EvaluationError.noSuchOverload
        }
        switch fold.operation {
        case .all: return try quantifier(fold, elements, settledBy: false)
        case .exists: return try quantifier(fold, elements, settledBy: true)
        case .existsOne: return .bool(try chosen(fold, elements).count == 1)
        case .filter: return .list(try chosen(fold, elements).map { $0[$0.count - 1].value })
        case .map, .transformList:
            return .list(try chosen(fold, elements).map { try transformed(fold, $0) })
        case .transformMap:
            var map = ValueMap()
            for element in try chosen(fold, elements) { map[element[0].value] = try transformed(fold, element) }
            return .map(map)
        case .transformMapEntry:
            var map = ValueMap()
            for element in try chosen(fold, elements) {
                guard case .map(let made) = try transformed(fold, element) else { throw EvaluationError.noSuchOverload }
                for entry in made.entries { try Evaluator.insert(entry.key, entry.value, into: &map) }
            }
            return .map(map)
        }
    }

    private mutating func quantifier(
        _ fold: Expression.Fold, _ elements: [[(name: String, value: Value)]], settledBy settling: Bool
    ) throws -> Value {
        guard let condition = fold.condition else { throw EvaluationError.noSuchOverload }
        return try settled(by: settling, elements.count) { evaluator, i in
            try evaluator.meter.pay(1)
            return try evaluator.value(of: condition, with: elements[i])
        }
    }

    /// The elements for which the condition holds; all of them without one.
    private mutating func chosen(
        _ fold: Expression.Fold, _ elements: [[(name: String, value: Value)]]
    ) throws -> [[(name: String, value: Value)]] {
        var chosen: [[(name: String, value: Value)]] = []
        for element in elements {
            try meter.pay(1)
            if let condition = fold.condition {
                guard let holds = try value(of: condition, with: element).bool else { throw EvaluationError.noSuchOverload }
                if !holds { continue }
            }
            chosen.append(element)
        }
        return chosen
    }

    private mutating func transformed(_ fold: Expression.Fold, _ element: [(name: String, value: Value)]) throws -> Value {
        guard let transform = fold.transform else { throw EvaluationError.noSuchOverload }
        return try value(of: transform, with: element)
    }
}
