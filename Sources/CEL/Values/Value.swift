package import Core

/// A value of the language (cel-spec, langdef.md, "Values"). Numbers of different types are equal when they stand for the same number;
/// values of other different types are unequal.
package enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map(ValueMap)
    /// From 1678 to 2262: the range of the project's clock, narrower than CEL's.
    case timestamp(Timestamp)
    /// Nanoseconds.
    case duration(Int64)
    case type(ValueType)
    indirect case optional(Value?)
    case opaque(any OpaqueValue)
}

/// A value of a library.
package protocol OpaqueValue: Sendable, Hashable {
    /// What `type()` and overloads know it by.
    var type: ValueType { get }
}

extension OpaqueValue {
    fileprivate func equals(_ other: any OpaqueValue) -> Bool { other as? Self == self }
}

extension Value: Hashable {
    package static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let x), .bool(let y)): x == y
        case (.string(let x), .string(let y)): x.utf8.elementsEqual(y.utf8)
        case (.bytes(let x), .bytes(let y)): x == y
        case (.list(let x), .list(let y)): x == y
        case (.map(let x), .map(let y)): x == y
        case (.timestamp(let x), .timestamp(let y)): x == y
        case (.duration(let x), .duration(let y)): x == y
        case (.type(let x), .type(let y)): x.description == y.description
        case (.optional(let x), .optional(let y)): x == y
        case (.opaque(let x), .opaque(let y)): x.equals(y)
        default: NumericOrder.compare(a, b) == .same
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let x): hasher.combine(x)
        case .int(let x): hasher.combine(Double(x))
        case .uint(let x): hasher.combine(Double(x))
        case .double(let x): hasher.combine(x)
        case .string(let x): for byte in x.utf8 { hasher.combine(byte) }
        case .bytes(let x): hasher.combine(x)
        case .list(let x): hasher.combine(x)
        case .map(let x): hasher.combine(x.count)
        case .timestamp(let x): hasher.combine(x)
        case .duration(let x): hasher.combine(x)
        case .type(let x): hasher.combine(x.description)
        case .optional(let x): hasher.combine(x)
        case .opaque(let x): x.hash(into: &hasher)
        }
    }
}

/// Order between numbers of any two types, without loss (cel-spec, "Numeric comparisons").
enum NumericOrder {
    case less, same, greater, unordered

    /// nil unless both are numbers.
    static func compare(_ a: Value, _ b: Value) -> NumericOrder? {
        switch (a, b) {
        case (.int(let x), .int(let y)): order(x, y)
        case (.uint(let x), .uint(let y)): order(x, y)
        case (.double(let x), .double(let y)): x.isNaN || y.isNaN ? .unordered : order(x, y)
        case (.int(let x), .uint(let y)): x < 0 ? .less : order(UInt64(x), y)
        case (.uint(let x), .int(let y)): y < 0 ? .greater : order(x, UInt64(y))
        case (.int(let x), .double(let y)): exact(y, x, low: -9_223_372_036_854_775_808, high: 9_223_372_036_854_775_808)
        case (.uint(let x), .double(let y)): exact(y, x, low: 0, high: 18_446_744_073_709_551_616)
        case (.double, .int), (.double, .uint): compare(b, a)?.reversed
        default: nil
        }
    }

    private static func order<T: Comparable>(_ a: T, _ b: T) -> NumericOrder { a < b ? .less : a == b ? .same : .greater }

    /// The integer against the double.
    private static func exact<T: FixedWidthInteger>(_ double: Double, _ integer: T, low: Double, high: Double) -> NumericOrder {
        if double.isNaN { return .unordered }
        if double < low { return .greater }
        if double >= high { return .less }
        let whole = T(double)
        if integer != whole { return order(integer, whole) }
        let rest = double - double.rounded(.towardZero)
        return rest > 0 ? .less : rest < 0 ? .greater : .same
    }

    private var reversed: NumericOrder {
        switch self {
        case .less: .greater
        case .greater: .less
        default: self
        }
    }
}
