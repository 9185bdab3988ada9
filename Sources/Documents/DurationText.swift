/// Durations as people write them: `90s`, `5m`, `1h30m`, `7d`, `250ms`, `1.5h`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Nil for anything else and beyond 100 years.
    /// - Parameter plainIsSeconds: whether `5` alone means seconds, as in behaviours and scripts. In a configuration it is a mistake.
    package static func parse(_ text: String, plainIsSeconds: Bool = false) -> Duration? {
        var rest = Substring(text)
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard let value = Double(digits), value < 1e9 else { return nil }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }
            let isPlain = name.isEmpty && plainIsSeconds && digits.count == text.count
            guard let unit = units.first(where: { $0.name == (isPlain ? "s" : name) }) else { return nil }
            rest = rest.dropFirst(name.count)
            total += value * Double(unit.milliseconds)
            guard total <= 36_525 * 86_400_000 else { return nil }
        }
        return .nanoseconds(Int64((total * 1e6).rounded()))
    }

    /// The shortest text that reads back as the same duration (to the millisecond).
    package static func text(_ duration: Duration) -> String {
        var rest = Int64((duration.components.seconds * 1000) + duration.components.attoseconds / 1_000_000_000_000_000)
        guard rest > 0 else { return "0s" }
        var out = ""
        for unit in units.reversed() where rest >= unit.milliseconds {
            out += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return out
    }
}
