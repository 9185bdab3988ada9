import Core
import Journal
import Logging
import ServiceLifecycle
import Testing

@testable import Server

@Suite struct WebhookTests {
    /// Answers as scripted and tells what it got.
    actor Receiver: WebhookTransport {
        private var statuses: [Int]
        private let got: AsyncStream<(body: [UInt8], headers: [String: String])>.Continuation
        nonisolated let posts: AsyncStream<(body: [UInt8], headers: [String: String])>

        init(_ statuses: [Int]) {
            self.statuses = statuses
            (posts, got) = AsyncStream.makeStream()
        }

        func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async throws -> Int {
            let status = statuses.isEmpty ? 200 : statuses.removeFirst()
            got.yield((body, Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })))
            if status == 0 { throw MartletError(.unavailable, "refused") }
            return status
        }
    }

    private func run(
        _ statuses: [Int], occasions: Set<NotificationSettings.Occasion> = Set(NotificationSettings.Occasion.allCases),
        _ body:
            @escaping @Sendable (ScriptedBackend, WebhookNotifier, inout AsyncStream<(body: [UInt8], headers: [String: String])>.Iterator)
            async throws -> Void
    ) async throws {
        let clock = SettableClock()
        let backend = ScriptedBackend(clock: clock)
        let receiver = Receiver(statuses)
        let target = NotificationSettings(
            url: "https://hooks.example.com/x", secret: Secret(reference: "${env:K}", value: "key"), occasions: occasions)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let notifier = WebhookNotifier(
            targets: [target], backend: backend, transport: receiver, clock: clock, baseURL: { "https://martlet.example.com" },
            logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await notifier.run() }
            // Entries before the start are not told, so the start must have happened.
            while await backend.listenerCount == 0 { await Task.yield() }
            var iterator = receiver.posts.makeAsyncIterator()
            try await body(backend, notifier, &iterator)
            group.cancelAll()
        }
    }

    @Test func opensWaitsAndCloses() async throws {
        try await run([]) { backend, _, posts in
            try await Story.begin(backend)
            let opened = try #require(await posts.next())
            #expect(opened.headers["Martlet-Event"] == "incident.opened")
            let signature = try #require(opened.headers["Martlet-Signature"])
            let time = try #require(signature.split(separator: ",").first?.dropFirst(2))
            #expect(signature == "t=\(time),v1=\(Digest.hmacHex(Array("\(time).".utf8) + opened.body, key: Array("key".utf8)))")
            let json = try JSON(parsing: opened.body)
            #expect(json[at: "incident", "url"] == "https://martlet.example.com/incidents/12")
            let waiting = try #require(await posts.next())
            #expect(try JSON(parsing: waiting.body)[at: "plan", "digest"]?.string == Story.plan().digest)
            try await Story.act(backend)
            let closed = try #require(await posts.next())
            #expect(closed.headers["Martlet-Event"] == "incident.closed")
            #expect(try JSON(parsing: closed.body)[at: "incident", "outcome"] == "repaired")
        }
    }

    @Test func triesAgainWithTheSameIdAndGivesUpOnARefusal() async throws {
        try await run([500, 0, 200, 410], occasions: [.opened, .closed]) { backend, notifier, posts in
            try await Story.begin(backend)
            var ids: Set<String> = []
            for attempt in 0..<3 {
                let post = try #require(await posts.next())
                ids.insert(post.headers["Martlet-Delivery"] ?? "")
                if attempt < 2 {
                    while backend.clock.sleeperCount == 0 { await Task.yield() }
                    backend.clock.advance(by: .seconds(60))
                }
            }
            #expect(ids.count == 1)
            try await Story.act(backend)
            _ = await posts.next()
            while await notifier.figures.waiting > 0 { await Task.yield() }
            #expect(await notifier.figures == .init(waiting: 0, delivered: 1, retried: 2, dead: 1))
        }
    }
}
