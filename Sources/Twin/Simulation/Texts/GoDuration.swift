/// Durations as Go prints them in Kubernetes' texts.
enum GoDuration {
    /// Whole seconds: `10s`, `1m20s`, `5m0s`.
    static func text(seconds: Int) -> String {
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        if hours > 0 { return "\(hours)h\(minutes)m\(rest)s" }
        return minutes > 0 ? "\(minutes)m\(rest)s" : "\(rest)s"
    }

    /// Rounded to milliseconds: `383ms`, `1.204s`, `1m2.5s`.
    static func text(milliseconds: Int) -> String {
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        let (minutes, rest) = (milliseconds / 60000, milliseconds % 60000)
        var seconds = String(rest / 1000)
        var fraction = String(rest % 1000 + 1000).dropFirst()
        while fraction.hasSuffix("0") { fraction = fraction.dropLast() }
        if !fraction.isEmpty { seconds += "." + fraction }
        return minutes > 0 ? "\(minutes)m\(seconds)s" : "\(seconds)s"
    }
}
