import Core

/// Which trials there are, drawn from a seed.
struct KillPlan {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Before and after each append, at each moment of each write, and `extra` more: half written, unsynchronised, and two kills in
    /// a row, the second while the first is being recovered from.
    ///
    /// - Parameters:
    ///   - appends: of one undisturbed run.
    mutating func trials(of scenario: KillScenario, appends: Int, extra: Int) -> [KillTrial] {
        var points: [[KillPoint]] = (1...appends).flatMap { [[.append($0, .before)], [.append($0, .after)]] }
        for write in 1...scenario.writes.count { points += KillPoint.Write.allCases.map { [.write(write, $0)] } }
        for number in 0..<extra {
            let moment = KillPoint.Append.allCases[1 + number % 2]
            points.append(
                number % 4 < 2
                    ? [.append(upTo(appends), moment)]
                    : [number % 3 == 0 ? .write(upTo(scenario.writes.count), .lost) : .append(upTo(appends), .after), anyAppend(appends)])
        }
        return points.map { KillTrial(scenario: scenario, points: $0) }
    }

    /// One of each kind, in what matters: from the first entry to the end of the operation.
    mutating func sample(of scenario: KillScenario, appends: Range<Int>) -> [KillTrial] {
        var points = KillPoint.Append.allCases.map { [KillPoint.append(appends.lowerBound + upTo(appends.count) - 1, $0)] }
        points += KillPoint.Write.allCases.map { [.write(upTo(scenario.writes.count), $0)] }
        return points.map { KillTrial(scenario: scenario, points: $0) }
    }

    private mutating func anyAppend(_ count: Int) -> KillPoint {
        .append(upTo(count), KillPoint.Append.allCases[upTo(KillPoint.Append.allCases.count) - 1])
    }

    /// From 1 to the limit.
    private mutating func upTo(_ limit: Int) -> Int { 1 + Int(generator.next() % UInt64(limit)) }
}
