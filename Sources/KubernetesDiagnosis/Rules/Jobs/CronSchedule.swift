import Core

/// Cron schedules, as far as it must be known whether one ever comes.
enum CronSchedule {
    private static let words: Set<String> = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]

    /// Whether it can be read as the controller reads it: five fields, a word, or `@every` and a duration; all behind a time zone.
    static func isValid(_ schedule: String) -> Bool {
        var fields = schedule.split(separator: " ").map(String.init)
        if let zone = fields.first, zone.hasPrefix("TZ=") || zone.hasPrefix("CRON_TZ=") { fields.removeFirst() }
        if fields.count == 1 { return words.contains(fields[0]) }
        if fields.count == 2, fields[0] == "@every" { return fields[1].first?.isNumber == true }
        let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]
        guard fields.count == ranges.count else { return false }
        return zip(fields, ranges).allSatisfy { values($0, $1) != nil }
    }

    /// True for five fields whose days do not exist in any of their months, such as 30 February.
    static func neverComes(_ schedule: String) -> Bool {
        let fields = schedule.split(separator: " ").map(String.init)
        guard fields.count == 5, fields[4] == "*" || fields[4] == "?", let days = values(fields[2], 1...31),
            let months = values(fields[3], 1...12)
        else { return false }
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return !months.contains { month in days.contains { $0 <= longest[month - 1] } }
    }

    /// The times at which a schedule of five fields comes, at most 20 of the last 40 days, in UTC; none for other forms.
    static func times(of schedule: String, after start: Timestamp, until end: Timestamp) -> [Timestamp] {
        let fields = schedule.split(separator: " ").map(String.init)
        guard fields.count == 5, let minutes = values(fields[0], 0...59), let hours = values(fields[1], 0...23),
            let days = values(fields[2], 1...31), let months = values(fields[3], 1...12), let weekdays = values(fields[4], 0...7)
        else { return [] }
        let first = max(Int(start.seconds) / 60 + 1, Int(end.seconds) / 60 - 40 * 1440)
        let isAnyDay = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
        var found: [Timestamp] = []
        for minute in first...max(first, Int(end.seconds) / 60) where minutes.contains(minute % 60) {
            guard hours.contains(minute / 60 % 24) else { continue }
            let time = Timestamp(seconds: Int64(minute * 60))
            let date = time.calendar
            // 1 January 1970 was a Thursday.
            let weekday = (minute / 1440 + 4) % 7
            let isWeekday = weekdays.contains(weekday) || weekday == 0 && weekdays.contains(7)
            let isDay = days.contains(date.day)
            // Where both are given, either of them will do (crontab(5)).
            guard months.contains(date.month), isAnyDay ? isDay && isWeekday : isDay || isWeekday else { continue }
            found.append(time)
        }
        return found.suffix(20)
    }

    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    private static func values(_ field: String, _ range: ClosedRange<Int>) -> Set<Int>? {
        var result: Set<Int> = []
        func number(_ text: Substring) -> Int? {
            Int(text) ?? monthNames.firstIndex(of: text.lowercased()).map { $0 + 1 } ?? dayNames.firstIndex(of: text.lowercased())
        }
        for part in field.split(separator: ",") {
            let pieces = part.split(separator: "/")
            let step = pieces.count == 2 ? Int(pieces[1]) ?? 1 : 1
            guard step > 0, let first = pieces.first else { return nil }
            let ends = first.split(separator: "-")
            let span: ClosedRange<Int>
            if first == "*" || first == "?" {
                span = range
            } else if ends.count == 2, let a = number(ends[0]), let b = number(ends[1]), a <= b {
                span = a...b
            } else if let a = number(first) {
                span = a...(pieces.count == 2 ? range.upperBound : a)
            } else {
                return nil
            }
            guard span.lowerBound >= range.lowerBound, span.upperBound <= range.upperBound else { return nil }
            for value in stride(from: span.lowerBound, through: span.upperBound, by: step) { result.insert(value) }
        }
        return result.isEmpty ? nil : result
    }
}
