import Core
import Foundation

@testable import martlet

/// Runs trials, a few at a time, and counts.
struct KillTally {
    /// So many points must have been reached.
    static let demanded = 200

    /// Trials at a time: most of one is waiting for the cluster's time to pass.
    private static let width = 3

    private(set) var trials = 0
    /// Trials in which a process was killed.
    private(set) var reached = 0
    /// Of those, the ones that ended as they must.
    private(set) var right = 0
    /// Processes killed.
    private(set) var kills = 0
    private var kinds: [String: Int] = [:]
    /// What went wrong, a trial each.
    private(set) var wrong: [String] = []

    mutating func run(_ trials: [KillTrial], library: DeathLibrary) async throws {
        try await withThrowingTaskGroup(of: (KillTrial, KillTrial.Report).self) { group in
            var rest = trials[...]
            func start() {
                guard let trial = rest.popFirst() else { return }
                group.addTask { (trial, try await trial.run(library)) }
            }
            for _ in 0..<KillTally.width { start() }
            while let (trial, report) = try await group.next() {
                note(trial, report)
                start()
            }
        }
    }

    private mutating func note(_ trial: KillTrial, _ report: KillTrial.Report) {
        trials += 1
        kills += report.kills
        if report.kills > 0 {
            reached += 1
            if report.faults.isEmpty { right += 1 }
            for point in trial.points.prefix(report.kills) { kinds[point.kind, default: 0] += 1 }
        }
        if !report.faults.isEmpty { wrong.append("\(trial):\n\(report.faults.joined(separator: "\n"))") }
        if ServeKills.report != nil {
            print("\(trials) \(report.faults.isEmpty ? "right" : "WRONG") \(trial), \(report.kills) killed")
            if let wrong = report.faults.isEmpty ? nil : wrong.last { print(wrong) }
        }
    }

    /// Appends one line of JSON, as `docs/measured/figures.jsonl` holds them.
    func write(to path: String, seed: UInt64) throws {
        var json: JSON = [
            "name": "kill-points", "value": JSON(right), "unit": "points", "of": JSON(reached), "limit": JSON(KillTally.demanded),
            "met": .bool(wrong.isEmpty && right >= KillTally.demanded), "trials": JSON(trials), "wrong": JSON(wrong.count),
            "processesKilled": JSON(kills), "seed": .string(String(seed)),
        ]
        for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) { json[at: "kinds", kind] = JSON(count) }
        json["command"] = "scripts/measure-kills"
        json["commit"] = .string(Invocation.environment("MARTLET_COMMIT") ?? "unknown")
        json["time"] = .string(SystemClock().now().rfc3339())
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data((json.text() + "\n").utf8))
        try file.close()
    }
}
