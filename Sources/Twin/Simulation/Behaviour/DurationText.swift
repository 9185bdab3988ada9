/// Durations as people write them in behaviours (`250ms`, `5s`, `2m`, `1h`, `1m30s`, plain numbers are seconds) and as Go prints
/// them in Kubernetes' texts (`1m20s`).
package enum DurationText {
    /// Nil for anything else, for negative values and beyond a year.
    package static func parse(_ text: String) -> Duration? {
        var total = 0.0
        var number = ""
        var unit = ""
        var parts = 0
        func flush() -> Double? {
            guard let value = Double(number) else { return nil }
            switch unit {
            case "ms": return value / 1000
            case "s", "": return value
            case "m": return value * 60
            case "h": return value * 3600
            case "d": return value * 86400
            default: return nil
            }
        }
        for character in text {
            if character.isASCII, character.isNumber || character == "." {
                if !unit.isEmpty {
                    guard let value = flush() else { return nil }
                    (total, number, unit, parts) = (total + value, "", "", parts + 1)
                }
                number.append(character)
            } else {
                unit.append(character)
            }
        }
        guard let last = flush(), !(unit.isEmpty && parts > 0) else { return nil }
        total += last
        return total.isFinite && total <= 366 * 86400 ? .nanoseconds(Int64(total * 1e9)) : nil
    }

    /// As Go's `time.Duration` prints whole seconds: `10s`, `1m20s`, `5m0s`.
    static func go(seconds: Int) -> String {
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        if hours > 0 { return "\(hours)h\(minutes)m\(rest)s" }
        return minutes > 0 ? "\(minutes)m\(rest)s" : "\(rest)s"
    }

    /// As Go prints a duration rounded to milliseconds: `383ms`, `1.204s`, `1m2.5s`.
    static func go(milliseconds: Int) -> String {
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        let (minutes, rest) = (milliseconds / 60000, milliseconds % 60000)
        var seconds = String(rest / 1000)
        var fraction = String(rest % 1000 + 1000).dropFirst()
        while fraction.hasSuffix("0") { fraction = fraction.dropLast() }
        if !fraction.isEmpty { seconds += "." + fraction }
        return minutes > 0 ? "\(minutes)m\(seconds)s" : "\(seconds)s"
    }
}
