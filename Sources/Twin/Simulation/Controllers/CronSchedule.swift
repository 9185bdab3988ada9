import Core
import Foundation

/// When a CronJob runs: five fields (minute, hour, day of month, month, day of week) with lists, ranges, steps and names, or one of the
/// `@` words, read in a time zone. Where both days are restricted either may match, as cron has always done it.
struct CronSchedule: Sendable {
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let isAnyDay: Bool
    private let isAnyWeekday: Bool
    private let zone: TimeZone

    private static let words = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]
    private static let monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Nil for a text that is no schedule.
    init?(_ text: String, zone: TimeZone) {
        let fields = (Self.words[text.lowercased()] ?? text).split(separator: " ").map(String.init)
        guard fields.count == 5, let minutes = Self.field(fields[0], 0...59), let hours = Self.field(fields[1], 0...23),
            let days = Self.field(fields[2], 1...31), let months = Self.field(fields[3], 1...12, names: Self.monthNames, first: 1),
            let weekdays = Self.field(fields[4], 0...6, names: Self.dayNames)
        else { return nil }
        (self.minutes, self.hours, self.days, self.months, self.weekdays, self.zone) = (minutes, hours, days, months, weekdays, zone)
        isAnyDay = fields[2].hasPrefix("*") || fields[2] == "?"
        isAnyWeekday = fields[4].hasPrefix("*") || fields[4] == "?"
    }

    private static func field(_ text: String, _ range: ClosedRange<Int>, names: [String] = [], first: Int = 0) -> Set<Int>? {
        var result: Set<Int> = []
        for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard let span = pieces.first, pieces.count <= 2 else { return nil }
            let step: Int
            if pieces.count == 2 {
                guard let number = Int(pieces[1]), number > 0 else { return nil }
                step = number
            } else {
                step = 1
            }
            func number(_ text: String) -> Int? { names.firstIndex(of: text).map { $0 + first } ?? Int(text) }
            var (low, high) = (range.lowerBound, range.upperBound)
            if span != "*", span != "?" {
                let ends = span.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
                guard ends.count <= 2, let start = number(ends[0]), range.contains(start) else { return nil }
                low = start
                if ends.count == 2 {
                    guard let end = number(ends[1]), range.contains(end), end >= start else { return nil }
                    high = end
                } else if pieces.count == 1 {
                    high = start
                }
            }
            result.formUnion(stride(from: low, through: high, by: step))
        }
        return result
    }

    /// The next time after a time; nil where there is none within five years, as with the 30th of February.
    func next(after time: Timestamp) -> Timestamp? {
        let start = (time.wholeSeconds / 60 + 1) * 60
        let firstDay = Self.dayNumber(start + offset(at: start))
        for day in firstDay...(firstDay + 5 * 366) where matches(day: day) {
            for hour in hours.sorted() {
                for minute in minutes.sorted() {
                    let local = Int64(day) * 86400 + Int64(hour * 3600 + minute * 60)
                    guard let instant = instant(ofLocal: local), instant >= start else { continue }
                    return Timestamp(seconds: instant)
                }
            }
        }
        return nil
    }

    /// The latest time after `earlier` and not after `now`, and how many there are, counted to 101 at most.
    func latest(after earlier: Timestamp, until now: Timestamp) -> (time: Timestamp, count: Int)? {
        guard var time = next(after: earlier), time <= now else { return nil }
        var count = 1
        while let following = next(after: time), following <= now {
            count += 1
            time = following
            // Many were missed: the last of them is at most one interval before now.
            if count > 100 {
                var recent = next(after: now - (following - earlier)) ?? time
                while let later = next(after: recent), later <= now { recent = later }
                return (max(time, recent <= now ? recent : time), count)
            }
        }
        return (time, count)
    }

    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds))))
    }

    /// The instant at which clocks of the zone show a time; nil for one that is left out when they go forward.
    private func instant(ofLocal local: Int64) -> Int64? {
        for guess in [local - offset(at: local - offset(at: local)), local - offset(at: local)] where guess + offset(at: guess) == local {
            return guess
        }
        return nil
    }

    private static func dayNumber(_ seconds: Int64) -> Int { Int(seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400) }

    private func matches(day: Int) -> Bool {
        let date = Timestamp(seconds: Int64(day) * 86400).rfc3339()
        let parts = date.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.contains(parts[1]) else { return false }
        let isDay = days.contains(parts[2])
        // The first of 1970 was a Thursday.
        let isWeekday = weekdays.contains(((day + 4) % 7 + 7) % 7)
        return isAnyDay || isAnyWeekday ? isDay && isWeekday : isDay || isWeekday
    }
}
