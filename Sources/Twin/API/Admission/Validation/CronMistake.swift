/// What is wrong with the schedule of a CronJob, in the words of the parser that Kubernetes has (robfig/cron v3).
enum CronMistake {
    static func of(_ schedule: String) -> String? {
        var text = schedule
        for prefix in ["TZ=", "CRON_TZ="] where text.hasPrefix(prefix) {
            text = String(text.split(separator: " ", maxSplits: 1).dropFirst().first ?? "")
        }
        if text.hasPrefix("@") { return descriptor(text) }
        let fields = text.split { $0.isWhitespace }
        if fields.count != 5 { return "expected exactly 5 fields, found \(fields.count): [\(fields.joined(separator: " "))]" }
        for (field, range) in zip(fields, ranges) {
            for part in field.split(separator: ",") { if let mistake = mistake(part, range) { return mistake } }
        }
        return nil
    }

    private static func descriptor(_ text: String) -> String? {
        if ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"].contains(text) { return nil }
        guard text.hasPrefix("@every ") else { return "unrecognized descriptor: \(text)" }
        let length = text.dropFirst("@every ".count)
        if length.wholeMatch(of: /([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+/) != nil { return nil }
        return "failed to parse duration \(text): time: invalid duration \"\(length)\""
    }

    private struct Bounds {
        var low: Int
        var high: Int
        var names: [String] = []

        func number(_ text: Substring) -> Int? { names.firstIndex(of: text.lowercased()).map { $0 + low } ?? Int(text) }
    }

    private static let ranges = [
        Bounds(low: 0, high: 59), Bounds(low: 0, high: 23), Bounds(low: 1, high: 31),
        Bounds(low: 1, high: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        Bounds(low: 0, high: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    private static func mistake(_ part: Substring, _ bounds: Bounds) -> String? {
        let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
        let ends = pieces[0].split(separator: "-", omittingEmptySubsequences: false)
        var (start, end) = (bounds.low, bounds.high)
        if ends[0] != "*", ends[0] != "?" {
            guard let first = bounds.number(ends[0]) else { return unreadable(ends[0]) }
            if first < 0 { return negative(first, ends[0]) }
            (start, end) = (first, first)
            if ends.count == 2 {
                guard let last = bounds.number(ends[1]) else { return unreadable(ends[1]) }
                end = last
            } else if ends.count > 2 {
                return "too many hyphens: \(part)"
            } else if pieces.count == 2 {
                end = bounds.high
            }
        }
        if pieces.count > 2 { return "too many slashes: \(part)" }
        if pieces.count == 2 {
            guard let step = Int(pieces[1]) else { return unreadable(pieces[1]) }
            if step < 0 { return negative(step, pieces[1]) }
            if step == 0 { return "step of range should be a positive number: \(part)" }
        }
        if start < bounds.low { return "beginning of range (\(start)) below minimum (\(bounds.low)): \(part)" }
        if end > bounds.high { return "end of range (\(end)) above maximum (\(bounds.high)): \(part)" }
        return start > end ? "beginning of range (\(start)) beyond end of range (\(end)): \(part)" : nil
    }

    private static func unreadable(_ text: Substring) -> String {
        "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid syntax"
    }

    private static func negative(_ number: Int, _ text: Substring) -> String { "negative number (\(number)) not allowed: \(text)" }
}
