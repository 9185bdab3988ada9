import Core
import MartletTesting
import Testing

@testable import martlet

/// What happens in any healthy cluster opens no incident. `martlet bench noise-week` does the same for a week.
@Suite(.serialized) struct NoiseTests {
    private func trial(
        _ counts: NoiseCalendar.Counts, minutes: Double, seed: UInt64, faults: [NoiseTrial.RealFault] = []
    ) async throws -> NoiseTrial.Result {
        let home = try TemporaryDirectory()
        var trial = try await NoiseTrial(days: minutes / 1440, seed: seed, counts: counts, faults: faults, home: home.path)
        let result = try await trial.run()
        withExtendedLifetime(home) {}
        return result
    }

    @Test func noiseOpensNothing() async throws {
        let counts = NoiseCalendar.Counts(deploys: 1, drains: 1, nodeLosses: 1, exits: 1, outOfMemory: 1, blips: 1)
        let result = try await trial(counts, minutes: 7, seed: 5)
        #expect(result.opened.map { "\($0.cause.title), after \($0.near)" } == [])
        #expect(result.counts["deploys"] == 1 && result.counts["drains"] == 1 && result.counts["nodeLosses"] == 1)
        #expect(result.counts["restarts"] == 2 && result.counts["probeBlips"] == 1)
    }

    @Test func aFaultAmongTheNoiseOpensOneIncident() async throws {
        let counts = NoiseCalendar.Counts(deploys: 1, exits: 1, blips: 1)
        let fault = NoiseTrial.RealFault(slug: "image-tag-not-found", target: "shop/Deployment/shipping", at: .seconds(60))
        let result = try await trial(counts, minutes: 4, seed: 6, faults: [fault])
        #expect(result.opened.map(\.cause.resource.resource) == ["Deployment/shipping"])
    }

    /// What a calendar draws for a week is at least what a healthy week must survive.
    @Test func aWeekIsFullOfIt() {
        let week = NoiseCalendar(.week, over: .seconds(7 * 86_400), nodes: 5, seed: 1)
        var kinds: [String: Int] = [:]
        for entry in week.entries { kinds[entry.noise.kind, default: 0] += 1 }
        #expect(kinds["deploys"] ?? 0 >= 50 && kinds["drains"] ?? 0 >= 20 && kinds["nodeLosses"] ?? 0 >= 5)
        #expect((kinds["restarts"] ?? 0) + (kinds["probeBlips"] ?? 0) >= 200 && kinds["swings"] ?? 0 >= 1)
        #expect(kinds["failedRuns"] == 1)
        #expect(week.entries.allSatisfy { $0.at >= .zero && $0.at <= .seconds(7 * 86_400) })
    }
}
