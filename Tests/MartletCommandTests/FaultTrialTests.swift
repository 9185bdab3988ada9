import Core
import Testing
import Twin

@testable import martlet

/// Faults in a twin among noise: `martlet bench faults` tries all of them, a few are tried here.
@Suite struct FaultTrialTests {
    @Test(arguments: ["config-key-missing", "bad-release-errors", "service-selector-mismatch"])
    func whatIsWrongIsNamedAndNothingElse(_ slug: String) async throws {
        let fault = try #require(FaultRegistry.fault(slug))
        let result = try await FaultTrial(fault: fault, seed: 1, calm: .seconds(100)).run()
        #expect(result.isRight, "\(result.told(result.report))")
        #expect(result.strangers.isEmpty, "\(result.told(result.report))")
        #expect(result.isHonestWhenBlind, "\(result.told(result.blind))")
    }

    @Test func aTrialThatCannotBeMadeCountsAsWrong() throws {
        var tally = TrialTally()
        tally.addFailure(of: "config-key-missing")
        let figures = tally.figures()
        #expect(figures.map(\.name).prefix(1) == ["faults-right-captured"])
        #expect(figures[0].value == 0 && figures[0].more["of"] == 1 && figures[0].more["wrong"] == ["config-key-missing": 1])
        #expect(figures.first { $0.name == "faults-honest-without-its-rules" }?.value == 0)
    }
}
