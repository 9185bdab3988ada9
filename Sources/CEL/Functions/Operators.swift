import Core

/// The operators (cel-spec, langdef.md, "Operators" and "Overflow").
enum Operators {
    static let overloads: [Overload] = logic + equality + order + integers + doubles + negation + joining + membership

    private static let logic: [Overload] = [
        Overload("!_", [.bool], .bool) { values, _ in .bool(!(values[0].bool ?? false)) },
        Overload("_?_:_", [.bool, .parameter("A"), .parameter("A")], .parameter("A")) { values, _ in
            values[0].bool == true ? values[1] : values[2]
        },
    ]

    private static let equality: [Overload] = [
        Overload("_==_", [.parameter("A"), .parameter("A")], .bool) { values, _ in .bool(values[0] == values[1]) },
        Overload("_!=_", [.parameter("A"), .parameter("A")], .bool) { values, _ in .bool(values[0] != values[1]) },
    ]

    // MARK: Order

    private static let ordered: [(ValueType, ValueType)] = {
        let numbers: [ValueType] = [.int, .uint, .double]
        let others: [ValueType] = [.bool, .string, .bytes, .timestamp, .duration]
        return others.map { ($0, $0) } + numbers.flatMap { a in numbers.map { b in (a, b) } }
    }()

    private static let order: [Overload] = ordered.flatMap { a, b in
        [
            comparison("_<_", a, b, isFlipped: false, isOpen: false), comparison("_<=_", a, b, isFlipped: false, isOpen: true),
            comparison("_>_", a, b, isFlipped: true, isOpen: false), comparison("_>=_", a, b, isFlipped: true, isOpen: true),
        ]
    }

    private static func comparison(_ name: String, _ a: ValueType, _ b: ValueType, isFlipped: Bool, isOpen: Bool) -> Overload {
        Overload(name, [a, b], .bool) { values, meter in
            let (low, high) = isFlipped ? (values[1], values[0]) : (values[0], values[1])
            if isOpen, low == high { return .bool(true) }
            return .bool(try precedes(low, high, &meter))
        }
    }

    /// Whether `a` stands before `b`; both have one type or are numbers.
    static func precedes(_ a: Value, _ b: Value, _ meter: inout Meter) throws -> Bool {
        switch (a, b) {
        case (.bool(let x), .bool(let y)): return !x && y
        case (.string(let x), .string(let y)):
            try meter.traverse(min(x.utf8.count, y.utf8.count))
            return x.utf8.lexicographicallyPrecedes(y.utf8)
        case (.bytes(let x), .bytes(let y)): return x.lexicographicallyPrecedes(y)
        case (.timestamp(let x), .timestamp(let y)): return x < y
        case (.duration(let x), .duration(let y)): return x < y
        default:
            guard let order = NumericOrder.compare(a, b) else { throw EvaluationError.noSuchOverload }
            return order == .less
        }
    }

    // MARK: Arithmetic

    private static let integers: [Overload] = ["_+_", "_-_", "_*_", "_/_", "_%_"].flatMap { name in
        [
            Overload(name, [.int, .int], .int) { values, _ in
                guard case (.int(let a), .int(let b)) = (values[0], values[1]) else { throw EvaluationError.noSuchOverload }
                return .int(try integer(name, a, b, EvaluationError.integerOverflow))
            },
            Overload(name, [.uint, .uint], .uint) { values, _ in
                guard case (.uint(let a), .uint(let b)) = (values[0], values[1]) else { throw EvaluationError.noSuchOverload }
                return .uint(try integer(name, a, b, EvaluationError.unsignedOverflow))
            },
        ]
    }

    private static let doubles: [Overload] = ["_+_", "_-_", "_*_", "_/_"].map { name in
        Overload(name, [.double, .double], .double) { values, _ in
            guard case (.double(let a), .double(let b)) = (values[0], values[1]) else { throw EvaluationError.noSuchOverload }
            switch name {
            case "_+_": return .double(a + b)
            case "_-_": return .double(a - b)
            case "_*_": return .double(a * b)
            default: return .double(a / b)
            }
        }
    }

    private static let negation: [Overload] = [
        Overload("-_", [.int], .int) { values, _ in
            guard case .int(let a) = values[0] else { throw EvaluationError.noSuchOverload }
            return .int(try integer("_-_", 0, a, EvaluationError.integerOverflow))
        },
        Overload("-_", [.double], .double) { values, _ in
            guard case .double(let a) = values[0] else { throw EvaluationError.noSuchOverload }
            return .double(-a)
        },
    ]

    private static let joining: [Overload] = [
        Overload("_+_", [.string, .string], .string) { values, meter in
            guard case (.string(let a), .string(let b)) = (values[0], values[1]) else { throw EvaluationError.noSuchOverload }
            try meter.traverse(a.utf8.count + b.utf8.count)
            return .string(a + b)
        },
        Overload("_+_", [.bytes, .bytes], .bytes) { values, meter in
            guard case (.bytes(let a), .bytes(let b)) = (values[0], values[1]) else { throw EvaluationError.noSuchOverload }
            try meter.traverse(a.count + b.count)
            return .bytes(a + b)
        },
        Overload("_+_", [.list(.parameter("A")), .list(.parameter("A"))], .list(.parameter("A"))) { values, meter in
            guard case (.list(let a), .list(let b)) = (values[0], values[1]) else { throw EvaluationError.noSuchOverload }
            try meter.pay(a.count + b.count)
            return .list(a + b)
        },
    ]

    private static func integer<T: FixedWidthInteger>(_ name: String, _ a: T, _ b: T, _ overflow: EvaluationError) throws -> T {
        let result: (partialValue: T, overflow: Bool)
        switch name {
        case "_+_": result = a.addingReportingOverflow(b)
        case "_-_": result = a.subtractingReportingOverflow(b)
        case "_*_": result = a.multipliedReportingOverflow(by: b)
        case "_/_":
            guard b != 0 else { throw EvaluationError("division by zero") }
            result = a.dividedReportingOverflow(by: b)
        default:
            guard b != 0 else { throw EvaluationError("modulus by zero") }
            result = a.remainderReportingOverflow(dividingBy: b)
        }
        if result.overflow { throw overflow }
        return result.partialValue
    }

    // MARK: Members

    private static let membership: [Overload] = [
        Overload("@in", [.parameter("A"), .list(.parameter("A"))], .bool) { values, meter in
            guard case .list(let list) = values[1] else { throw EvaluationError.noSuchOverload }
            try meter.pay(list.count)
            return .bool(list.contains(values[0]))
        },
        Overload("@in", [.parameter("A"), .map(.parameter("A"), .parameter("B"))], .bool) { values, _ in
            guard case .map(let map) = values[1] else { throw EvaluationError.noSuchOverload }
            return .bool(map[values[0]] != nil)
        },
        // Evaluation looks members up itself; these tell the types.
        member("_[_]", [.list(.parameter("A")), .int], .parameter("A")),
        member("_[_]", [.map(.parameter("A"), .parameter("B")), .parameter("A")], .parameter("B")),
        member("_[?_]", [.list(.parameter("A")), .int], .optional(.parameter("A"))),
        member("_[?_]", [.map(.parameter("A"), .parameter("B")), .parameter("A")], .optional(.parameter("B"))),
        member("_[_]", [.optional(.list(.parameter("A"))), .int], .optional(.parameter("A"))),
        member("_[_]", [.optional(.map(.parameter("A"), .parameter("B"))), .parameter("A")], .optional(.parameter("B"))),
        member("_[?_]", [.optional(.list(.parameter("A"))), .int], .optional(.parameter("A"))),
        member("_[?_]", [.optional(.map(.parameter("A"), .parameter("B"))), .parameter("A")], .optional(.parameter("B"))),
    ]

    private static func member(_ name: String, _ parameters: [ValueType], _ result: ValueType) -> Overload {
        Overload(name, parameters, result) { _, _ in throw EvaluationError.noSuchOverload }
    }
}
