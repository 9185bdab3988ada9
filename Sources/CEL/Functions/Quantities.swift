import Foundation

/// A resource quantity such as `100m` or `1.5Gi` (apimachinery pkg/api/resource, "Quantity"), to 38 digits.
struct Quantity: OpaqueValue {
    let amount: Decimal

    var type: ValueType { Quantities.type }

    private static let suffixes: [String: Decimal] = [
        "": 1, "n": Decimal(sign: .plus, exponent: -9, significand: 1), "u": Decimal(sign: .plus, exponent: -6, significand: 1),
        "m": Decimal(sign: .plus, exponent: -3, significand: 1), "k": 1_000, "M": 1_000_000, "G": 1_000_000_000,
        "T": 1_000_000_000_000, "P": 1_000_000_000_000_000, "E": 1_000_000_000_000_000_000, "Ki": 1_024, "Mi": 1_048_576,
        "Gi": 1_073_741_824, "Ti": 1_099_511_627_776, "Pi": 1_125_899_906_842_624, "Ei": 1_152_921_504_606_846_976,
    ]

    init(amount: Decimal) { self.amount = amount }

    init?(_ text: String) {
        let number = text.prefix { ("0"..."9").contains($0) || $0 == "." || $0 == "+" || $0 == "-" }
        let suffix = String(text.dropFirst(number.count))
        let digits = number.drop { $0 == "+" || $0 == "-" }
        guard number.count - digits.count <= 1, !digits.isEmpty, digits != ".", digits.count <= 38,
            digits.filter({ $0 == "." }).count <= 1, !digits.contains(where: { $0 == "+" || $0 == "-" }),
            let value = Decimal(string: String(number.hasPrefix("+") ? number.dropFirst() : number))
        else { return nil }
        if let factor = Quantity.suffixes[suffix] {
            amount = value * factor
        } else if suffix.first == "e" || suffix.first == "E", let exponent = Int(suffix.dropFirst()), abs(exponent) <= 60 {
            amount = value * Decimal(sign: .plus, exponent: exponent, significand: 1)
        } else {
            return nil
        }
    }

    /// nil unless it is whole and fits.
    var integer: Int64? {
        guard isWhole, amount >= Decimal(Int64.min), amount <= Decimal(Int64.max) else { return nil }
        return Int64(NSDecimalNumber(decimal: amount).stringValue)
    }

    private var isWhole: Bool {
        var (value, rounded) = (amount, Decimal())
        NSDecimalRound(&rounded, &value, 0, .down)
        return rounded == amount
    }

    var double: Double { NSDecimalNumber(decimal: amount).doubleValue }
}

/// Functions of quantities (kubernetes.io, "Common Expression Language in Kubernetes", "Kubernetes quantity library").
enum Quantities {
    static let type = ValueType.opaque("kubernetes.Quantity")

    private static func quantity(_ value: Value) throws -> Decimal {
        switch value {
        case .opaque(let value as Quantity): return value.amount
        case .int(let value): return Decimal(value)
        default: throw EvaluationError.noSuchOverload
        }
    }

    static let overloads: [Overload] = basics + [type, .int].flatMap { [sum("add", $0, 1), sum("sub", $0, -1)] }

    private static func sum(_ name: String, _ other: ValueType, _ sign: Decimal) -> Overload {
        Overload(on: type, name, [other], type) { values, _ in
            .opaque(Quantity(amount: try quantity(values[0]) + sign * quantity(values[1])))
        }
    }

    private static let basics: [Overload] = [
        Overload("quantity", [.string], type) { values, _ in
            guard let quantity = Quantity(values[0].string ?? "") else {
                throw EvaluationError(
                    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
            }
            return .opaque(quantity)
        },
        Overload("isQuantity", [.string], .bool) { values, _ in .bool(Quantity(values[0].string ?? "") != nil) },
        Overload(on: type, "isGreaterThan", [type], .bool) { values, _ in .bool(try quantity(values[0]) > quantity(values[1])) },
        Overload(on: type, "isLessThan", [type], .bool) { values, _ in .bool(try quantity(values[0]) < quantity(values[1])) },
        Overload(on: type, "compareTo", [type], .int) { values, _ in
            let (a, b) = (try quantity(values[0]), try quantity(values[1]))
            return .int(a < b ? -1 : a > b ? 1 : 0)
        },
        Overload(on: type, "sign", .int) { values, _ in
            let amount = try quantity(values[0])
            return .int(amount < 0 ? -1 : amount > 0 ? 1 : 0)
        },
        Overload(on: type, "isInteger", .bool) { values, _ in .bool(Quantity(amount: try quantity(values[0])).integer != nil) },
        Overload(on: type, "asInteger", .int) { values, _ in
            guard let integer = Quantity(amount: try quantity(values[0])).integer else {
                throw EvaluationError("cannot convert value to integer")
            }
            return .int(integer)
        },
        Overload(on: type, "asApproximateFloat", .double) { values, _ in
            .double(Quantity(amount: try quantity(values[0])).double)
        },
    ]
}
