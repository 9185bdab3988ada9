import Core
import Kubernetes
import MartletTesting
import Synchronization
import Testing

@Suite struct ClusterClockTests {
    private func answer(_ date: String, speed: String? = nil) -> HTTPAnswer {
        HTTPAnswer(status: 200, headers: [("date", date)] + (speed.map { [("Martlet-Twin-Speed", $0)] } ?? []))
    }

    @Test func withoutAnswersOrWithEqualClocksItIsTheBase() throws {
        let base = ManualClock(try #require(Timestamp("2026-11-21T13:29:54.7Z")))
        let clock = ClusterClock(following: base)
        #expect(clock.now() == base.now())
        clock.observe(answer("Sat, 21 Nov 2026 13:29:54 GMT"), sentAt: base.now())
        #expect(clock.now() == base.now())
    }

    @Test(.timeLimit(.minutes(1))) func aWaitThatBeganBeforeTheFirstAnswerLastsNoLonger() async throws {
        let start = try #require(Timestamp("2026-11-21T13:00:00Z"))
        let base = BaseClock(start)
        let clock = ClusterClock(following: base)
        base.whenWaitedFor { clock.observe(date: Timestamp(seconds: Int64(1_700_000_000)), rate: 1, sentAt: start, receivedAt: start) }
        try await clock.sleep(for: .seconds(10))
        #expect(base.now() - start < .seconds(12))
    }

    @Test func followsAnOffsetEverCloser() throws {
        let base = ManualClock(try #require(Timestamp("2026-11-21T13:00:00Z")))
        let clock = ClusterClock(following: base)
        let offset = Duration.milliseconds(3_600_330)
        for step in 0..<40 {
            base.advance(by: .milliseconds(970 + step))
            let date = Timestamp(seconds: (base.now() + offset).wholeSeconds)
            clock.observe(date: date, rate: 1, sentAt: base.now(), receivedAt: base.now())
        }
        #expect(abs((clock.now() - (base.now() + offset)).secondCount) < 0.1)
    }

    /// The first answer leaves a second of doubt, and each that follows less: what was told is not taken back.
    @Test(arguments: [1.0, 60]) func whatIsTakenForItsTimeNeverGoesBack(_ speed: Double) throws {
        let base = ManualClock(try #require(Timestamp("2026-11-21T13:00:00Z")))
        let clock = ClusterClock(following: base)
        let start = try #require(Timestamp("2026-03-01T08:00:00.05Z"))
        var (time, last) = (start, Timestamp(seconds: Int64(0)))
        var stood = 0
        for step in 0..<100 {
            base.advance(by: .milliseconds(100))
            time = time + .milliseconds(Int64(100 * speed))
            for isAnswered in step == 0 ? [true] : [false, true] {
                // Now and then an answer, which was on its way for 20 ms.
                if isAnswered, step % 8 == 0 {
                    let (date, now) = (Timestamp(seconds: time.wholeSeconds), base.now())
                    clock.observe(date: date, rate: speed, sentAt: now - .milliseconds(20), receivedAt: now)
                    if clock.now() == last { stood += 1 }
                }
                #expect(clock.now() >= last)
                last = clock.now()
            }
        }
        #expect(stood > 0, "an answer said that it is earlier")
        #expect(abs((clock.now() - time).secondCount) < 2)
    }

    /// Until the first answer this machine's time stands in, which may be ahead of a cluster that is started anew.
    @Test func whatWasToldBeforeTheFirstAnswerHoldsNothingUp() throws {
        let base = ManualClock(try #require(Timestamp("2026-03-01T08:00:36Z")))
        let clock = ClusterClock(following: base)
        #expect(clock.now() == base.now())
        clock.observe(answer("Sun, 01 Mar 2026 08:00:00 GMT", speed: "12"), sentAt: base.now())
        #expect(abs((clock.now() - (try #require(Timestamp("2026-03-01T08:00:00.5Z")))).secondCount) < 1)
        base.advance(by: .seconds(1))
        #expect(abs((clock.now() - (try #require(Timestamp("2026-03-01T08:00:12.5Z")))).secondCount) < 1)
    }

    @Test func aClockThatWasSetBackIsFollowed() throws {
        let base = ManualClock(try #require(Timestamp("2026-11-21T13:00:00Z")))
        let clock = ClusterClock(following: base)
        clock.observe(answer("Sun, 01 Mar 2026 08:00:00 GMT"), sentAt: base.now())
        _ = clock.now()
        base.advance(by: .seconds(1))
        clock.observe(answer("Sun, 01 Mar 2026 07:59:50 GMT"), sentAt: base.now())
        #expect(abs((clock.now() - (try #require(Timestamp("2026-03-01T07:59:50.5Z")))).secondCount) < 1)
    }

    @Test func followsTheSpeedOfATwinAndJumpsOfEitherClock() throws {
        let base = ManualClock(try #require(Timestamp("2026-11-21T13:00:00Z")))
        let clock = ClusterClock(following: base)
        clock.observe(answer("Sun, 01 Jan 2023 00:00:00 GMT", speed: "60"), sentAt: base.now())
        base.advance(by: .seconds(10))
        let later = try #require(Timestamp("2023-01-01T00:10:00Z"))
        #expect(abs((clock.now() - later).secondCount) <= 1)
        #expect(clock.rate == 60)
        clock.observe(answer("Mon, 02 Jan 2023 00:00:00 GMT", speed: "1"), sentAt: base.now())
        #expect(abs((clock.now() - (try #require(Timestamp("2023-01-02T00:00:00Z")))).secondCount) <= 1)
        base.advance(by: .seconds(-86_400))
        clock.observe(answer("Mon, 02 Jan 2023 00:00:05 GMT", speed: "1"), sentAt: base.now())
        #expect(abs((clock.now() - (try #require(Timestamp("2023-01-02T00:00:05Z")))).secondCount) <= 1)
    }

    /// A clock that somebody sets while time goes on as ever.
    private final class SetClock: WallClock {
        private let state: Mutex<(steady: Timestamp, offset: Duration)>
        init(_ start: Timestamp) { state = Mutex((start, .zero)) }
        func now() -> Timestamp { state.withLock { $0.steady + $0.offset } }
        func steady() -> Timestamp { state.withLock { $0.steady } }
        func sleep(until deadline: Timestamp) async throws { pass(deadline - now()) }
        func pass(_ duration: Duration) { state.withLock { $0.steady += duration } }
        func set(by offset: Duration) { state.withLock { $0.offset += offset } }
    }

    @Test(arguments: [7200, -7200]) func whoSetsThisMachinesClockMovesNoWindow(_ seconds: Int64) async throws {
        let base = SetClock(try #require(Timestamp("2026-11-21T13:29:54.5Z")))
        let clock = ClusterClock(following: base)
        clock.observe(answer("Sat, 21 Nov 2026 13:29:54 GMT"), sentAt: base.steady())
        let start = clock.now()
        base.set(by: .seconds(seconds))
        #expect(abs((clock.now() - start).secondCount) < 1)
        try await clock.sleep(for: .seconds(10))
        #expect(abs((clock.now() - start).secondCount - 10) < 1)
        #expect(abs((base.steady() - start).secondCount - 10) < 1.5, "it slept ten seconds, not two hours")
    }

    @Test(arguments: ["", "Sat, 21 Nov", "Sat, 21 Nov 2026 13:29:54 UTC", "2026-11-21T13:29:54Z", "Sat, 21 Foo 2026 13:29:54 GMT"])
    func notADate(_ text: String) { #expect(Timestamp(httpDate: text) == nil) }
}

/// Its time passes as it is waited for.
private final class BaseClock: WallClock {
    private let state: Mutex<(now: Timestamp, body: (@Sendable () -> Void)?)>

    init(_ now: Timestamp) { state = Mutex((now, nil)) }

    func now() -> Timestamp { state.withLock { $0.now } }
    func whenWaitedFor(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.body = body } }

    func sleep(until deadline: Timestamp) async throws {
        state.withLock { $0.body }?()
        state.withLock { $0 = (max($0.now, deadline), nil) }
    }
}
