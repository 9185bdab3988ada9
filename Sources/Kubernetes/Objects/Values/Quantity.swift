/// An amount of a resource, exact to the billionth (`resource.Quantity` of apimachinery).
///
/// Finer amounts are rounded away from zero to the billionth, amounts beyond 2^63-1 are cut to it, both as the API server does.
package struct Quantity: Sendable {
    /// In which way the canonical text is written.
    package enum Format: Sendable { case decimal, binary, exponent }

    /// The amount in billionths.
    package let nano: Int128
    package let format: Format

    static let one: Int128 = 1_000_000_000
    static let largest: Int128 = Int128(Int64.max) * one

    package init(nano: Int128, format: Format = .decimal) {
        self.nano = max(-Quantity.largest, min(Quantity.largest, nano))
        self.format = format
    }

    /// A whole amount, such as a number of pods.
    package init(_ value: Int, format: Format = .decimal) { self.init(nano: Int128(value) * Quantity.one, format: format) }
    /// Thousandths: for processors, millicores.
    package init(milli: Int) { self.init(nano: Int128(milli) * 1_000_000) }
    /// Bytes, written with binary suffixes.
    package init(bytes: Int) { self.init(bytes, format: .binary) }

    package static let zero = Quantity(0)

    /// The whole amount, rounded up: for memory, bytes.
    package var value: Int { Quantity.dividedUp(nano, by: Quantity.one) }
    /// Thousandths, rounded up: for processors, millicores.
    package var milliValue: Int { Quantity.dividedUp(nano, by: 1_000_000) }
    package var double: Double { Double(nano) / 1e9 }

    private static func dividedUp(_ x: Int128, by y: Int128) -> Int {
        let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
        return Int(clamping: quotient + (remainder > 0 ? 1 : remainder < 0 ? -1 : 0))
    }
}

/// Equality is that of the amount: `1000m` equals `1`.
extension Quantity: Hashable, Comparable {
    package static func == (a: Quantity, b: Quantity) -> Bool { a.nano == b.nano }
    package static func < (a: Quantity, b: Quantity) -> Bool { a.nano < b.nano }
    package func hash(into hasher: inout Hasher) { hasher.combine(nano) }

    package static func + (a: Quantity, b: Quantity) -> Quantity {
        Quantity(nano: a.nano + b.nano, format: a.nano == 0 ? b.format : a.format)
    }
    package static func - (a: Quantity, b: Quantity) -> Quantity {
        Quantity(nano: a.nano - b.nano, format: a.nano == 0 ? b.format : a.format)
    }
    package static func += (a: inout Quantity, b: Quantity) { a = a + b }
}
