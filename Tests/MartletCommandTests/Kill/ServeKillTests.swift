import Core
import Foundation
import Testing

/// `martlet serve` is ended by SIGKILL before and after its appends and its writes, and after a restart the operation completes exactly
/// once: the cluster's request log shows each write once.
@Suite struct ServeKills {
    /// Which points are drawn; `MARTLET_SEED` draws others.
    static let seed = ProcessInfo.processInfo.environment["MARTLET_SEED"].flatMap(UInt64.init) ?? 1
    /// Where the figures go; without it, only the sample is run.
    static let report = ProcessInfo.processInfo.environment["MARTLET_KILLS"].flatMap { $0.isEmpty ? nil : $0 }

    @Test(.timeLimit(.minutes(10))) func aFewPoints() async throws {
        var plan = KillPlan(seed: ServeKills.seed)
        // Appends 8 to 33 are those from the incident to the end of its operation.
        var trials = plan.sample(of: .helps, appends: 8..<34)
        trials += plan.sample(of: .doesNotHelp, appends: 24..<36).filter { $0.points.first?.kind == "append after" }
        trials.append(KillTrial(scenario: .doesNotHelp, points: [.write(2, .applied), .append(2, .before)]))
        var tally = KillTally()
        let folder = try TemporaryFolder()
        try await tally.run(trials, library: .build(in: folder.path))
        #expect(tally.wrong.isEmpty, "\(tally.wrong.joined(separator: "\n\n"))")
        #expect(tally.kills >= trials.count)
    }

    @Test(.enabled(if: report != nil, "make measure runs it"), .timeLimit(.minutes(120))) func everyPoint() async throws {
        let folder = try TemporaryFolder()
        let library = try await DeathLibrary.build(in: folder.path)
        var plan = KillPlan(seed: ServeKills.seed)
        var tally = KillTally()
        for scenario in KillScenario.all {
            let undisturbed = try await KillTrial(scenario: scenario, points: []).run(library)
            try #require(undisturbed.faults.isEmpty, "\(undisturbed.faults.joined(separator: "\n"))")
            try await tally.run(plan.trials(of: scenario, appends: undisturbed.appends, extra: 36), library: library)
        }
        try tally.write(to: ServeKills.report ?? "/dev/stdout", seed: ServeKills.seed)
        #expect(tally.wrong.isEmpty, "\(tally.wrong.joined(separator: "\n\n"))")
        #expect(tally.kills >= KillTally.demanded)
    }
}
