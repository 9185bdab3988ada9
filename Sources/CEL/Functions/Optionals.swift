/// Values that may be missing (cel-spec proposal 246, cel-go's `OptionalTypes`). `or` and `orValue` are evaluated where they are called.
enum Optionals {
    private static let any = ValueType.optional(.parameter("A"))

    static let overloads: [Overload] = [
        Overload("optional.of", [.parameter("A")], any) { values, _ in .optional(values[0]) },
        Overload("optional.none", [], any) { _, _ in .optional(nil) },
        Overload("optional.ofNonZeroValue", [.parameter("A")], any) { values, _ in .optional(isZero(values[0]) ? nil : values[0]) },
        Overload(on: any, "hasValue", .bool) { values, _ in
            guard case .optional(let inner) = values[0] else { throw EvaluationError.noSuchOverload }
            return .bool(inner != nil)
        },
        Overload(on: any, "value", .parameter("A")) { values, _ in
            guard case .optional(let inner) = values[0] else { throw EvaluationError.noSuchOverload }
            guard let inner else { throw EvaluationError("optional.none() dereference") }
            return inner
        },
        Overload(on: any, "or", [any], any) { _, _ in throw EvaluationError.noSuchOverload },
        Overload(on: any, "orValue", [.parameter("A")], .parameter("A")) { _, _ in throw EvaluationError.noSuchOverload },
    ]

    private static func isZero(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .bool(let x): !x
        case .int, .uint, .double: value == .int(0)
        case .string(let x): x.isEmpty
        case .bytes(let x): x.isEmpty
        case .list(let x): x.isEmpty
        case .map(let x): x.count == 0
        case .duration(let x): x == 0
        case .optional(let x): x == nil
        case .timestamp, .type, .opaque: false
        }
    }
}
