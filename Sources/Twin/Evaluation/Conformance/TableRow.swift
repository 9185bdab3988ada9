import Core

/// Reading of what the tables of autoscaling share.
enum TableRow {
    /// The instant that the rows' ages count from; any will do.
    static let now = Timestamp(seconds: Int64(1_767_225_600))

    static func name(_ table: String, _ row: JSON) -> String { "\(table): \(row["name"]?.string ?? "")" }

    static func compare(_ expected: JSON?, _ found: JSON?, at place: String) -> [EvaluationCase.Difference] {
        guard let expected, !expected.isNull, expected != found else { return [] }
        return [EvaluationCase.Difference(place, expected: expected, found: found)]
    }

    static func ago(_ seconds: JSON?) -> Timestamp { now - .seconds(seconds?.double ?? 0) }

    /// When a pod started, from texts such as `3 min ago (outside)`, `started 90 s ago` and `just now`; long ago where nothing is said.
    static func start(_ text: JSON?) -> Timestamp {
        guard let text = text?.string else { return now - .seconds(86_400) }
        let words = text.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
        guard let at = words.firstIndex(where: { Int($0) != nil }), !text.contains("just now"), let count = Int(words[at]) else {
            return now
        }
        let unit = at + 1 < words.count ? words[at + 1] : "s"
        return now - .seconds(count * (unit.hasPrefix("h") ? 3600 : unit.hasPrefix("m") ? 60 : 1))
    }

    /// A phase, with or without Go's name for the constant before it.
    static func phase(_ text: JSON?) -> String {
        let phase = text?.string ?? "Running"
        return phase.hasPrefix("Pod") ? String(phase.dropFirst(3)) : phase
    }

    /// The start-up times of the recorded tests.
    static let startUp = PodGroups.StartUp(cpuInitialization: .seconds(120), initialReadiness: .seconds(10))
}
