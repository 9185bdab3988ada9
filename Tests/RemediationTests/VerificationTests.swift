import Core
import Remediation
import Testing

@Suite struct Verifications {
    private let start = Timestamp(seconds: Int64(1_800_000_000))

    private func signs(_ second: Int, ready: Int? = 3, desired: Int? = 3, restarts: Int? = 0, traffic: (Double, Double)? = nil)
        -> VitalSigns
    {
        VitalSigns(
            time: start + .seconds(second), desired: desired, ready: ready, restarts: restarts.map { ["pod/c": $0] }, exposure: 600,
            traffic: traffic.map { ["pod": VitalSigns.Traffic(requests: $0.0, errors: $0.1)] })
    }

    @Test func countersThatCouldNotBeReadAreNoPass() {
        func after(_ missed: (Int) -> Bool, _ errors: Double = 0) -> [VitalSigns] {
            series { second in
                var signs = signs(second, traffic: (Double(second) * 10, Double(second) * 10 * errors))
                if missed(second) { signs.missedTraffic = "pod web may not be scraped" }
                return signs
            }
        }
        let never = judge(before: signs(0, ready: 0), after { _ in false })
        #expect(never.verdict == .pass)
        let always = judge(before: signs(0, ready: 0), after { _ in true })
        #expect(always.verdict == .inconclusive)
        #expect(always.text.contains("the error rate could not be measured: pod web may not be scraped"))
        // While pods were starting they did not answer: that says nothing of the end.
        #expect(judge(before: signs(0, ready: 0), after { $0 < 40 }).verdict == .pass)
        #expect(judge(before: signs(0, ready: 0), after { $0 == 60 }).verdict == .pass)
        // What other pods show counts.
        #expect(judge(before: signs(0, ready: 0), after({ _ in true }, 0.5)).verdict == .fail)
    }

    private func series(_ body: (Int) -> VitalSigns) -> [VitalSigns] { (0...12).map { body($0 * 5) } }

    private func judge(
        _ goal: Verification.Goal = .recover, before: VitalSigns?, _ after: [VitalSigns]
    ) -> Verification.Judgement { Verification(goal: goal, window: 60).judge(before: before, after: after) }

    @Test func wholeAgainPasses() {
        let result = judge(before: signs(0, ready: 0, restarts: 6), series { signs($0, ready: $0 < 20 ? 1 : 3, restarts: 6) })
        #expect(result.verdict == .pass)
        #expect(result.text == "3 of 3 ready (0 of 3 before), held for 20 s; no restart in 60 s (6 before, in 600 s)")
    }

    @Test func noBetterFails() {
        #expect(judge(before: signs(0, ready: 0), series { signs($0, ready: 0) }).verdict == .fail)
        #expect(judge(before: signs(0, ready: 2), series { signs($0, ready: 2) }).verdict == .fail)
        #expect(judge(before: signs(0, ready: 2), series { signs($0, ready: $0 < 50 ? 3 : 1) }).verdict == .fail)
    }

    @Test func betterButNotWholeIsInconclusive() {
        #expect(judge(before: signs(0, ready: 0), series { signs($0, ready: 2) }).verdict == .inconclusive)
    }

    @Test func withoutDataNothingPasses() {
        #expect(judge(before: signs(0), []).verdict == .inconclusive)
        #expect(judge(before: signs(0), [signs(0)]).verdict == .inconclusive)
        #expect(judge(before: signs(0), series { signs($0, ready: nil) }).verdict == .inconclusive)
        #expect(judge(before: signs(0), series { signs($0, restarts: nil) }).verdict == .inconclusive)
        #expect(judge(before: signs(0, ready: 0), Array(series { signs($0) }.prefix(5))).verdict == .inconclusive)
        #expect(judge(.hold, before: nil, series { signs($0) }).verdict == .inconclusive)
        #expect(
            judge(before: signs(0, traffic: (100, 50)), series { signs($0) }).verdict == .inconclusive, "traffic was counted and is no more"
        )
        #expect(judge(before: signs(0, ready: 0), series { signs($0, ready: 0, desired: 0) }).verdict == .inconclusive, "nothing is wanted")
    }

    @Test func aLookThatStandsAloneAtTheEndDecidesNothingByItself() {
        let watch = Verification(goal: .recover, window: 60)
        #expect(!watch.isDecidable([signs(0), signs(47)]))
        #expect(!watch.isDecidable([signs(0), signs(30, ready: nil), signs(47)]))
        #expect(!watch.isDecidable([signs(0), signs(20)]), "too little of the window")
        #expect(watch.isDecidable([signs(0), signs(30), signs(47)]))
        #expect(judge(before: signs(0, ready: 0), [signs(0, ready: 0), signs(47), signs(94)]).verdict == .pass)
        #expect(judge(before: signs(0, ready: 0), [signs(0), signs(47), signs(94, ready: 0)]).verdict == .fail)
    }

    @Test func restartsThatGoOnFail() {
        #expect(judge(before: signs(0, ready: 0, restarts: 6), series { signs($0, restarts: 6 + $0 / 10) }).verdict == .fail)
        #expect(
            judge(before: signs(0, ready: 0, restarts: 6), series { signs($0, restarts: $0 > 5 ? 7 : 6) }).verdict == .pass,
            "one at the start")
    }

    @Test func errorRates() {
        let bad = signs(0, traffic: (1000, 410))
        #expect(judge(before: bad, series { signs($0, traffic: (Double($0) * 20, 0)) }).verdict == .pass)
        #expect(judge(before: bad, series { signs($0, traffic: (Double($0) * 20, Double($0) * 8)) }).verdict == .fail)
        #expect(
            judge(before: bad, series { signs($0, traffic: (Double($0) * 20, Double($0) * 2)) }).verdict == .inconclusive, "less, not gone")
        #expect(judge(before: signs(0), series { signs($0, traffic: (Double($0) * 20, Double($0) * 4)) }).verdict == .fail)
        #expect(judge(before: signs(0, traffic: (1000, 1)), series { signs($0, traffic: (Double($0) * 20, Double($0))) }).verdict == .fail)
    }

    @Test func holdingComparesWithBefore() {
        #expect(judge(.hold, before: signs(0, ready: 1), series { signs($0, ready: 1) }).verdict == .pass)
        #expect(judge(.hold, before: signs(0, ready: 2), series { signs($0, ready: 1) }).verdict == .fail)
        #expect(judge(.hold, before: signs(0, ready: 0, desired: 0), series { signs($0, ready: 0, desired: 0) }).verdict == .pass)
    }

    @Test func whatWasPutBackIsNotJudgedByTheRestartsOfNewPods() {
        func judge(ready: Int, isPutBack: Bool, _ after: [VitalSigns]) -> Verification.Judgement {
            Verification(goal: .hold, window: 60, isPutBack: isPutBack).judge(before: signs(0, ready: ready, restarts: 6), after: after)
        }
        let crashing = series { signs($0, ready: 0, restarts: 6 + $0 / 10) }
        #expect(judge(ready: 0, isPutBack: true, crashing).verdict == .pass)
        #expect(judge(ready: 0, isPutBack: false, crashing).verdict == .fail)
        // What was well before has to be well again.
        #expect(judge(ready: 3, isPutBack: true, series { signs($0, restarts: 6 + $0 / 10) }).verdict == .fail)
        #expect(judge(ready: 3, isPutBack: true, crashing).verdict == .fail)
        #expect(judge(ready: 1, isPutBack: true, crashing).verdict == .fail)
    }

    @Test func whatServedBeforeIsSaid() {
        var before = signs(0, ready: 0)
        before.serving = 2
        #expect(judge(before: before, series { signs($0) }).text.hasPrefix("3 of 3 ready (0 of 3 before, and 2 of another version), held"))
        before.serving = 0
        #expect(judge(before: before, series { signs($0) }).text.hasPrefix("3 of 3 ready (0 of 3 before), held"))
        #expect(VitalSigns(json: before.json) == before)
    }

    /// Values of R's binom.test, fisher.test and prop.test.
    @Test func knownProbabilities() {
        func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-6 }
        #expect(near(ExactTests.binomialUpperTail(7, of: 10, p: 0.5), 0.171875))
        #expect(near(ExactTests.binomialUpperTail(3, of: 3, p: 0.5), 0.125))
        #expect(near(ExactTests.proportionIsHigher(3, of: 3, than: 0, of: 3), 0.05))
        #expect(near(ExactTests.proportionIsHigher(1, of: 10, than: 1, of: 10), 0.763157894736842))
        #expect(near(ExactTests.rateIsHigher(6, exposure: 60, than: 2, exposure: 60), 0.14453125))
        #expect(ExactTests.proportionIsHigher(120, of: 1000, than: 80, of: 1000) < 0.0015)
        #expect(ExactTests.proportionIsHigher(80, of: 1000, than: 120, of: 1000) > 0.99)
    }

    @Test func signsSurviveTheJournal() {
        let signs = signs(7, traffic: (12, 3))
        #expect(VitalSigns(json: signs.json) == signs)
        var missed = signs
        missed.missedTraffic = "403"
        #expect(VitalSigns(json: missed.json) == missed)
    }
}
