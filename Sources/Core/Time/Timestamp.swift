import Foundation

/// An instant of wall-clock time, in nanoseconds since 1970-01-01 UTC. Which clock it was read from is the reader's affair:
/// a cluster's times are that cluster's (INTERFACES section 8).
package struct Timestamp: Sendable, Hashable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package init(seconds: Int64) { nanoseconds = seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue }
    package init(seconds: Double) { nanoseconds = Int64(max(-9.2e18, min(9.2e18, seconds * 1e9))) }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }
    package static func + (a: Timestamp, b: Duration) -> Timestamp { Timestamp(nanoseconds: a.nanoseconds &+ b.nanosecondCount) }
    package static func - (a: Timestamp, b: Duration) -> Timestamp { Timestamp(nanoseconds: a.nanoseconds &- b.nanosecondCount) }
    package static func - (a: Timestamp, b: Timestamp) -> Duration { .nanoseconds(a.nanoseconds &- b.nanoseconds) }
    package static func += (a: inout Timestamp, b: Duration) { a = a + b }

    /// Seconds since 1970, fractions included.
    package var seconds: Double { Double(nanoseconds) / 1e9 }
    package var wholeSeconds: Int64 {
        nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -((-nanoseconds + 999_999_999) / 1_000_000_000)
    }
}

extension Duration {
    /// The whole duration in nanoseconds (saturating at about 292 years).
    package var nanosecondCount: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : scaled &+ attoseconds / 1_000_000_000
    }

    /// The whole duration in seconds, fractions included.
    package var secondCount: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

// MARK: RFC 3339

extension Timestamp {
    /// Reads RFC 3339, with or without fraction, with `Z` or an offset; nil for anything else.
    package init?(_ text: String) {
        var text = text
        guard let time = text.withUTF8({ Timestamp(utf8: $0) }) else { return nil }
        self = time
    }

    /// The same from bytes, for readers that hold no string.
    package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count >= 20 else { return nil }
        var areDigits = true
        func two(_ at: Int) -> Int {
            let tens = bytes[at] &- 0x30, ones = bytes[at + 1] &- 0x30
            if tens > 9 || ones > 9 { areDigits = false }
            return Int(tens) * 10 + Int(ones)
        }
        let year = two(0) * 100 + two(2), month = two(5), day = two(8), hour = two(11), minute = two(14), second = two(17)
        guard areDigits, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == 0x3A, bytes[16] == 0x3A,
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var i = 19
        var fraction: Int64 = 0
        if bytes[i] == UInt8(ascii: ".") {
            i += 1
            var scale: Int64 = 100_000_000
            let first = i
            while i < bytes.count, bytes[i] >= 0x30, bytes[i] <= 0x39 {
                fraction += Int64(bytes[i] - 0x30) * scale
                scale /= 10
                i += 1
            }
            if i == first { return nil }
        }
        guard i < bytes.count else { return nil }
        var offset = 0
        switch bytes[i] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            guard i + 1 == bytes.count else { return nil }
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard bytes.count == i + 6, bytes[i + 3] == 0x3A else { return nil }
            offset = (two(i + 1) * 60 + two(i + 4)) * 60 * (bytes[i] == UInt8(ascii: "-") ? -1 : 1)
            guard areDigits else { return nil }
        default: return nil
        }
        let days = Timestamp.days(year: year, month: month, day: day)
        let total = Int64(days * 86400 + hour * 3600 + minute * 60 + second - offset)
        guard total > -9_200_000_000, total < 9_200_000_000 else { return nil }
        self.init(nanoseconds: total * 1_000_000_000 + fraction)
    }

    /// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Year, month (1–12), day (1–31) and seconds into the day, in UTC.
    package var calendar: (year: Int, month: Int, day: Int, second: Int) {
        let seconds = Int(wholeSeconds)
        let days = seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400)
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1, seconds - days * 86400)
    }

    /// RFC 3339 in UTC with as many decimals as asked for: 0 as Kubernetes' `Time`, 6 as its `MicroTime`.
    package func rfc3339(decimals: Int = 0) -> String {
        let (year, month, day, second) = calendar
        func pad(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        var text =
            "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
        if decimals > 0 {
            let fraction = nanoseconds - wholeSeconds * 1_000_000_000
            text += "." + pad(Int(fraction), 9).prefix(decimals)
        }
        return text + "Z"
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 with milliseconds where there are any.
    package var description: String { rfc3339(decimals: nanoseconds % 1_000_000_000 == 0 ? 0 : 3) }
}
