import Core

/// Instants and spans (cel-spec, langdef.md, "Abstract Types", "Timezones" and "Durations"). Time zones are offsets such as `+02:00`, or UTC.
enum Times {
    static let overloads: [Overload] = arithmetic + getters + spans + conversions

    private static let conversions: [Overload] = [
        Overload("timestamp", [.string], .timestamp) { values, _ in
            let text = values[0].string ?? ""
            guard let time = Timestamp(text) else {
                throw EvaluationError(
                    "parsing time \(Conversions.quoted(text)) as \"2006-01-02T15:04:05Z07:00\": cannot parse \(Conversions.quoted(text)) "
                        + "as \"2006\"")
            }
            return .timestamp(time)
        },
        Overload("timestamp", [.timestamp], .timestamp) { values, _ in values[0] },
        Overload("timestamp", [.int], .timestamp) { values, _ in
            guard case .int(let seconds) = values[0], (-9_200_000_000...9_200_000_000).contains(seconds) else {
                throw EvaluationError.timestampOverflow
            }
            return .timestamp(Timestamp(seconds: seconds))
        },
        Overload("duration", [.string], .duration) { values, _ in .duration(try duration(values[0].string ?? "")) },
        Overload("duration", [.duration], .duration) { values, _ in values[0] },
        Overload("duration", [.int], .duration) { values, _ in
            guard case .int(let nanoseconds) = values[0] else { throw EvaluationError.noSuchOverload }
            return .duration(nanoseconds)
        },
    ]

    // MARK: Arithmetic

    private static let arithmetic: [Overload] = [
        Overload("_+_", [.timestamp, .duration], .timestamp) { values, _ in try moved(values[0], by: values[1], sign: 1) },
        Overload("_+_", [.duration, .timestamp], .timestamp) { values, _ in try moved(values[1], by: values[0], sign: 1) },
        Overload("_-_", [.timestamp, .duration], .timestamp) { values, _ in try moved(values[0], by: values[1], sign: -1) },
        Overload("_-_", [.timestamp, .timestamp], .duration) { values, _ in
            guard case (.timestamp(let a), .timestamp(let b)) = (values[0], values[1]) else { throw EvaluationError.noSuchOverload }
            let (span, isOver) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
            if isOver { throw EvaluationError.durationOverflow }
            return .duration(span)
        },
        Overload("_+_", [.duration, .duration], .duration) { values, _ in try sum(values[0], values[1], sign: 1) },
        Overload("_-_", [.duration, .duration], .duration) { values, _ in try sum(values[0], values[1], sign: -1) },
    ]

    private static func moved(_ time: Value, by span: Value, sign: Int64) throws -> Value {
        guard case (.timestamp(let time), .duration(let span)) = (time, span) else { throw EvaluationError.noSuchOverload }
        let (step, isOver) = span.multipliedReportingOverflow(by: sign)
        let (nanoseconds, isFar) = time.nanoseconds.addingReportingOverflow(step)
        if isOver || isFar || nanoseconds.magnitude > 9_200_000_000_000_000_000 { throw EvaluationError.timestampOverflow }
        return .timestamp(Timestamp(nanoseconds: nanoseconds))
    }

    private static func sum(_ a: Value, _ b: Value, sign: Int64) throws -> Value {
        guard case (.duration(let a), .duration(let b)) = (a, b) else { throw EvaluationError.noSuchOverload }
        let (sum, isOver) = sign > 0 ? a.addingReportingOverflow(b) : a.subtractingReportingOverflow(b)
        if isOver { throw EvaluationError.durationOverflow }
        return .duration(sum)
    }

    // MARK: Parts

    private static let parts: [(String, @Sendable (Timestamp) -> Int)] = [
        ("getFullYear", { $0.calendar.year }),
        ("getMonth", { $0.calendar.month - 1 }),
        ("getDate", { $0.calendar.day }),
        ("getDayOfMonth", { $0.calendar.day - 1 }),
        (
            "getDayOfWeek",
            { time in
                let days = (time.nanoseconds - Int64(time.calendar.second) * 1_000_000_000) / 86_400_000_000_000
                return Int(((days + 4) % 7 + 7) % 7)
            }
        ),
        (
            "getDayOfYear",
            { time in
                let first = Timestamp("\(pad(time.calendar.year, 4))-01-01T00:00:00Z") ?? time
                return Int((time.nanoseconds - first.nanoseconds) / 86_400_000_000_000)
            }
        ),
        ("getHours", { $0.calendar.second / 3600 }),
        ("getMinutes", { $0.calendar.second / 60 % 60 }),
        ("getSeconds", { $0.calendar.second % 60 }),
        ("getMilliseconds", { Int(($0.nanoseconds - $0.wholeSeconds * 1_000_000_000) / 1_000_000) }),
    ]

    private static let getters: [Overload] = parts.flatMap { name, part in
        [
            Overload(on: .timestamp, name, .int) { values, _ in
                guard case .timestamp(let time) = values[0] else { throw EvaluationError.noSuchOverload }
                return .int(Int64(part(time)))
            },
            Overload(on: .timestamp, name, [.string], .int) { values, _ in
                let offset = Value.duration(try zone(values[1].string ?? ""))
                guard case .timestamp(let local) = try moved(values[0], by: offset, sign: 1) else {
                    throw EvaluationError.noSuchOverload
                }
                return .int(Int64(part(local)))
            },
        ]
    }

    private static let spans: [Overload] = [
        whole("getHours", 3_600_000_000_000), whole("getMinutes", 60_000_000_000), whole("getSeconds", 1_000_000_000),
        whole("getMilliseconds", 1_000_000),
    ]

    /// How many whole units a span has.
    private static func whole(_ name: String, _ unit: Int64) -> Overload {
        Overload(on: .duration, name, .int) { values, _ in
            guard case .duration(let span) = values[0] else { throw EvaluationError.noSuchOverload }
            return .int(span / unit)
        }
    }

    /// Nanoseconds east of UTC.
    private static func zone(_ name: String) throws -> Int64 {
        if name == "UTC" || name.isEmpty { return 0 }
        let sign: Int64 = name.hasPrefix("-") ? -1 : 1
        let parts = name.drop { $0 == "+" || $0 == "-" }.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = Int64(parts[0]), let minutes = Int64(parts[1]), hours < 24, minutes < 60 else {
            throw EvaluationError("unknown time zone \(name)")
        }
        return sign * (hours * 60 + minutes) * 60_000_000_000
    }

    // MARK: Text

    private static let units: [(String, Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// `1h30m`, `-1.5s`, as Go's `time.ParseDuration` reads it.
    static func duration(_ text: String) throws -> Int64 {
        let invalid = EvaluationError("time: invalid duration \(Conversions.quoted(text))")
        var rest = text[...]
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest = rest.dropFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { throw invalid }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
            rest = rest.dropFirst(name.count)
            guard let value = Double(number.hasPrefix(".") ? "0" + number : String(number)) else { throw invalid }
            if name.isEmpty { throw EvaluationError("time: missing unit in duration \(Conversions.quoted(text))") }
            guard let unit = units.first(where: { $0.0 == name }) else {
                throw EvaluationError("time: unknown unit \(Conversions.quoted(String(name))) in duration \(Conversions.quoted(text))")
            }
            total += value * unit.1
        }
        guard total < 0x1p63 else { throw invalid }
        return Int64((isNegative ? -total : total).rounded())
    }

    /// `3600s`, `1.5s`: a span as CEL writes it.
    static func seconds(_ nanoseconds: Int64) -> String {
        let magnitude = nanoseconds.magnitude
        let fraction = fraction(Int(magnitude % 1_000_000_000))
        return "\(nanoseconds < 0 ? "-" : "")\(magnitude / 1_000_000_000)\(fraction)s"
    }

    static func shown(_ time: Timestamp) -> String {
        time.rfc3339().dropLast() + fraction(Int(time.nanoseconds - time.wholeSeconds * 1_000_000_000)) + "Z"
    }

    private static func fraction(_ nanoseconds: Int) -> String {
        guard nanoseconds > 0 else { return "" }
        var digits = pad(nanoseconds, 9)
        while digits.hasSuffix("0") { digits.removeLast() }
        return "." + digits
    }

    private static func pad(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
