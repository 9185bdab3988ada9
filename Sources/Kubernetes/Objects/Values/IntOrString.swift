/// A port or an amount that is a number, a name or a percentage.
package enum IntOrString: Sendable, Hashable, CustomStringConvertible {
    case int(Int)
    case string(String)

    package var description: String {
        switch self {
        case .int(let x): String(x)
        case .string(let x): x
        }
    }

    /// The number, or the percentage of `total`, rounded up or down; nil for any other string
    /// (`GetScaledValueFromIntOrPercent` of apimachinery).
    package func scaled(total: Int, roundUp: Bool) -> Int? {
        switch self {
        case .int(let x): return x
        case .string(let x):
            guard x.hasSuffix("%"), let percent = Int(x.dropLast()) else { return nil }
            let (product, overflow) = percent.multipliedReportingOverflow(by: total)
            if overflow { return nil }
            return roundUp ? (product + (product > 0 ? 99 : 0)) / 100 : product / 100
        }
    }
}
