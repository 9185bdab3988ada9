/// Functions of lists that Kubernetes adds (kubernetes.io, "Common Expression Language in Kubernetes", "Kubernetes list library"), and sets.
enum Lists {
    static let overloads: [Overload] = sorted + sums + places + sets + shapes

    private static let shapes: [Overload] = [
        Overload(on: .list(.list(.parameter("A"))), "flatten", .list(.parameter("A"))) { values, meter in
            var out: [Value] = []
            for element in try list(values[0], &meter) {
                if case .list(let inner) = element { out += inner } else { out.append(element) }
            }
            return .list(out)
        },
        Overload(on: .list(.parameter("A")), "slice", [.int, .int], .list(.parameter("A"))) { values, meter in
            let elements = try list(values[0], &meter)
            guard case (.int(let start), .int(let end)) = (values[1], values[2]), start >= 0, start <= end, end <= Int64(elements.count)
            else {
                throw EvaluationError(
                    "cannot slice(\(Conversions.shown(values[1])), \(Conversions.shown(values[2]))), list is length \(elements.count)")
            }
            return .list(Array(elements[Int(start)..<Int(end)]))
        },
    ]

    private static func list(_ value: Value, _ meter: inout Meter) throws -> [Value] {
        guard case .list(let elements) = value else { throw EvaluationError.noSuchOverload }
        try meter.pay(elements.count)
        return elements
    }

    // MARK: Order

    private static let comparable: [ValueType] = [.int, .uint, .double, .bool, .duration, .timestamp, .string, .bytes]

    private static let sorted: [Overload] = comparable.flatMap { type in
        [
            Overload(on: .list(type), "isSorted", .bool) { values, meter in
                let elements = try list(values[0], &meter)
                for (a, b) in zip(elements, elements.dropFirst()) where try Operators.precedes(b, a, &meter) { return .bool(false) }
                return .bool(true)
            },
            Overload(on: .list(type), "min", type) { values, meter in try extreme("min", values[0], &meter) { ($0, $1) } },
            Overload(on: .list(type), "max", type) { values, meter in try extreme("max", values[0], &meter) { ($1, $0) } },
        ]
    }

    private static func extreme(
        _ name: String, _ value: Value, _ meter: inout Meter, _ order: (Value, Value) -> (Value, Value)
    ) throws -> Value {
        let elements = try list(value, &meter)
        guard var best = elements.first else { throw EvaluationError("\(name) called on empty list") }
        for element in elements.dropFirst() {
            let (low, high) = order(element, best)
            if try Operators.precedes(low, high, &meter) { best = element }
        }
        return best
    }

    private static let sums: [Overload] = [
        sum(.int, .int(0)), sum(.uint, .uint(0)), sum(.double, .double(0)), sum(.duration, .duration(0)),
    ]

    private static func sum(_ type: ValueType, _ zero: Value) -> Overload {
        Overload(on: .list(type), "sum", type) { values, meter in
            let elements = try list(values[0], &meter)
            guard var total = elements.first else { return zero }
            for element in elements.dropFirst() {
                guard let add = Library.standard.overload("_+_", isMember: false, [total, element]) else {
                    throw EvaluationError.noSuchOverload
                }
                total = try add.body([total, element], &meter)
            }
            return total
        }
    }

    private static let places: [Overload] = [
        Overload(on: .list(.parameter("A")), "indexOf", [.parameter("A")], .int) { values, meter in
            .int(Int64(try list(values[0], &meter).firstIndex(of: values[1]) ?? -1))
        },
        Overload(on: .list(.parameter("A")), "lastIndexOf", [.parameter("A")], .int) { values, meter in
            .int(Int64(try list(values[0], &meter).lastIndex(of: values[1]) ?? -1))
        },
    ]

    // MARK: Sets

    private static let sets: [Overload] = [
        set("sets.contains") { whole, part in part.allSatisfy(whole.contains) },
        set("sets.intersects") { a, b in a.contains(where: b.contains) },
        set("sets.equivalent") { a, b in a.allSatisfy(b.contains) && b.allSatisfy(a.contains) },
    ]

    private static func set(_ name: String, _ body: @escaping @Sendable ([Value], [Value]) -> Bool) -> Overload {
        Overload(name, [.list(.parameter("A")), .list(.parameter("A"))], .bool) { values, meter in
            let (a, b) = (try list(values[0], &meter), try list(values[1], &meter))
            try meter.pay(a.count * b.count)
            return .bool(body(a, b))
        }
    }
}
