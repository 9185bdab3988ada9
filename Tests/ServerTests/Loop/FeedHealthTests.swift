import Core
import Kubernetes
import Synchronization
import Testing

@testable import Server

/// What a person is told of a watch that breaks.
@Suite struct FeedHealthTests {
    private let server = QuietServer()
    private let clock = SettableClock()
    private let feed: CachedFeed

    init() {
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        feed = CachedFeed(client: KubernetesClient(transport: server, clock: clock, limits: limits), cluster: "eu-1")
    }

    /// Lets virtual time pass in small steps until `condition` holds.
    private func passes(_ condition: () async -> Bool) async -> Bool {
        for _ in 0..<5000 {
            for _ in 0..<20 { await Task.yield() }
            if await condition() { return true }
            clock.advance(by: .milliseconds(100))
        }
        return false
    }

    private func settles(_ condition: () async -> Bool) async -> Bool {
        for _ in 0..<200_000 {
            if await condition() { return true }
            await Task.yield()
        }
        return false
    }

    private var kinds: Int { feed.cache.resources.count }

    /// How many kinds of object are failing.
    private func failing() async -> Int {
        var count = 0
        for resource in feed.cache.resources {
            if case .failing = await feed.cache.state(of: resource.source) { count += 1 }
        }
        return count
    }

    @Test func aBreakIsNewsOnlyWhenItLasts() async throws {
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        #expect(await settles { await feed.health().isSynced && server.openWatches == kinds })

        server.break(untilMended: true)
        #expect(await settles { await failing() == kinds })
        #expect(await feed.health().error == nil)
        clock.advance(by: .seconds(29))
        #expect(await feed.health().error == nil)
        clock.advance(by: .seconds(1))
        #expect(await feed.health().error?.contains("connection reset") == true)

        // Nothing happens in the cluster, so no event ever comes: that the server takes the watches again is enough.
        server.mend()
        #expect(await passes { await feed.health().error == nil })
    }

    @Test func aWatchThatIsOpenedAgainIsWellAtOnce() async throws {
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        #expect(await settles { await feed.health().isSynced && server.openWatches == kinds })
        server.break(untilMended: false)
        #expect(await settles { await failing() == kinds })
        #expect(await passes { await failing() == 0 })
        clock.advance(by: .seconds(40))
        #expect(await feed.health().error == nil)
    }

    @Test func aClusterThatWasNeverReadIsNewsAtOnce() async throws {
        server.break(untilMended: true)
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        #expect(await passes { await feed.health().error != nil })
        let error = await #expect(throws: MartletError.self) { try await feed.snapshot() }
        #expect(error?.message.hasPrefix("not synchronised yet: ") == true && error?.message.contains("connection reset") == true)
    }

    /// Its watches are as silent as those of a cluster in which nothing happens: from what is held nothing may be concluded any more.
    @Test func aServerThatStoppedAnsweringIsNotLookedAt() async throws {
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        #expect(await settles { await feed.health().isSynced && server.openWatches == kinds })
        _ = try await feed.snapshot()
        server.freeze()
        clock.advance(by: .seconds(9))
        _ = try await feed.snapshot()
        clock.advance(by: .seconds(1))
        let look = Task { try await feed.snapshot() }
        #expect(await passes { await feed.health().error?.hasPrefix("the API server does not answer") == true })
        #expect(await !feed.health().isSynced)
        let error = await #expect(throws: MartletError.self) { try await look.value }
        #expect(error?.code == .unavailable)
        server.mend()
        _ = try await feed.snapshot()
        #expect(await feed.health().error == nil)
    }

    /// An empty cluster and one that may not be looked at are not the same.
    @Test func aClusterWhereNothingMayBeReadIsNotHealthy() async throws {
        server.refuse()
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        #expect(await settles { await feed.health().isSynced })
        let error = await #expect(throws: MartletError.self) { try await feed.snapshot() }
        #expect(error?.code == .forbidden && error?.message.contains("cannot list resource") == true, "\(String(describing: error))")
    }
}

/// An API server with nothing in it, where nothing happens until its connections break.
private final class QuietServer: Transport {
    private struct State {
        var isDown = false
        var refuses = false
        var watches: [AsyncThrowingStream<[UInt8], any Error>.Continuation] = []
    }

    private let state = Mutex(State())

    var openWatches: Int { state.withLock { $0.watches.count } }

    func `break`(untilMended: Bool) {
        let watches = state.withLock { state in
            state.isDown = untilMended
            defer { state.watches = [] }
            return state.watches
        }
        for watch in watches { watch.finish(throwing: QuietServer.reset) }
    }

    /// Answers nothing more, and breaks nothing.
    func freeze() { state.withLock { $0.isDown = true } }

    /// Forbids everything from now on.
    func refuse() { state.withLock { $0.refuses = true } }

    func mend() { state.withLock { $0.isDown = false } }

    private static let reset = TransportError(.closed, "connection reset")

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        try state.withLock { state throws in
            if state.isDown { throw QuietServer.reset }
            if state.refuses {
                let text = #"{"kind":"Status","code":403,"reason":"Forbidden","message":"User \"x\" cannot list resource"}"#
                return HTTPAnswer(status: 403, body: HTTPBody(Array(text.utf8)))
            }
            guard call.isLongRunning else {
                return HTTPAnswer(
                    status: 200, body: HTTPBody(Array(#"{"kind":"List","items":[],"metadata":{"resourceVersion":"7"}}"#.utf8)))
            }
            let (pieces, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
            state.watches.append(continuation)
            return HTTPAnswer(status: 200, body: HTTPBody(pieces))
        }
    }
}
