import Core
import Foundation
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

    private static func target(
        _ url: String = "https://hooks.example.com/x",
        on occasions: Set<NotificationSettings.Occasion> = Set(NotificationSettings.Occasion.allCases)
    ) -> NotificationSettings {
        NotificationSettings(url: url, secret: Secret(reference: "${env:K}", value: "key"), occasions: occasions)
    }

    /// One process that tells webhooks, over a store that may have been another's before.
    private func run(
        _ statuses: [Int], occasions: Set<NotificationSettings.Occasion> = Set(NotificationSettings.Occasion.allCases),
        url: String = "https://hooks.example.com/x", over store: (backend: ScriptedBackend, folder: TemporaryFolder)? = nil,
        log: any LogHandler = SwiftLogNoOpLogHandler(),
        _ body:
            @escaping @Sendable (ScriptedBackend, WebhookNotifier, inout AsyncStream<(body: [UInt8], headers: [String: String])>.Iterator)
            async throws -> Void
    ) async throws {
        let (backend, folder) = try store ?? Self.store()
        let receiver = Receiver(statuses)
        let notifier = WebhookNotifier(
            home: folder.path, targets: [Self.target(url, on: occasions)], backend: backend, transport: receiver, clock: backend.clock,
            baseURL: { "https://martlet.example.com" }, logger: Logger(label: "test") { _ in log })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await notifier.run() }
            // Entries before the first start are not told, so it must have happened.
            while await !notifier.isReading { await Task.yield() }
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

    private static func store() throws -> (backend: ScriptedBackend, folder: TemporaryFolder) {
        (ScriptedBackend(clock: SettableClock()), try TemporaryFolder())
    }

    private static func expect(
        _ event: String, _ posts: inout AsyncStream<(body: [UInt8], headers: [String: String])>.Iterator
    ) async throws {
        let post = try #require(await posts.next())
        #expect(post.headers["Martlet-Event"] == event)
    }

    private static func id(_ post: (body: [UInt8], headers: [String: String])) -> String { post.headers["Martlet-Delivery"] ?? "" }

    /// The receiver was down when the process ended.
    @Test func whatWasNotTakenIsToldAfterARestartAndNothingTwice() async throws {
        let store = try Self.store()
        let (ids, untaken) = AsyncStream.makeStream(of: String.self)
        try await run([200, 0], over: store) { backend, notifier, posts in
            try await Story.begin(backend)
            _ = await posts.next()
            let refused = try #require(await posts.next())
            untaken.yield(Self.id(refused))
            while backend.clock.sleeperCount == 0 { await Task.yield() }
        }
        // Nobody watches meanwhile.
        try await Story.act(store.backend)
        var known = ids.makeAsyncIterator()
        let first = await known.next()
        try await run([], over: store) { _, notifier, posts in
            let again = try #require(await posts.next())
            #expect(again.headers["Martlet-Event"] == "incident.awaiting-approval" && Self.id(again) == first)
            try await Self.expect("incident.closed", &posts)
            while await notifier.figures.waiting > 0 { await Task.yield() }
        }
        try await run([], over: store) { backend, notifier, posts in
            try await backend.play(.incidentReopened, Story.incident, ["cause": Story.cause(at: backend.clock.now()).json])
            try await Self.expect("incident.opened", &posts)
        }
    }

    /// Killed before the receiver answered at all: the file says where this process began.
    @Test func aKillLosesNothing() async throws {
        let store = try Self.store()
        let path = store.folder.path + "/webhooks.json"
        let kept = path + ".kept"
        try await run([0], over: store) { backend, _, posts in
            try FileManager.default.copyItem(atPath: path, toPath: kept)
            try await Story.begin(backend)
            _ = await posts.next()
        }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: kept, toPath: path)
        try await run([], over: store) { _, _, posts in
            try await Self.expect("incident.opened", &posts)
        }
    }

    @Test func aNewTargetIsToldWhatHappensFromNowOn() async throws {
        let store = try Self.store()
        try await run([], over: store) { _, _, _ in }
        try await Story.begin(store.backend)
        try await run([], url: "https://hooks.example.com/other", over: store) { backend, _, posts in
            try await Story.act(backend)
            try await Self.expect("incident.closed", &posts)
        }
        let file = try String(contentsOfFile: store.folder.path + "/webhooks.json", encoding: .utf8)
        #expect(!file.contains("hooks.example.com"), "an address may be a secret")
        // The first one is not configured any more, and is new when it comes back.
        try await run([], over: store) { backend, _, posts in
            try await backend.play(.incidentReopened, Story.incident, ["cause": Story.cause(at: backend.clock.now()).json])
            try await Self.expect("incident.opened", &posts)
        }
    }

    @Test(arguments: ["", "{\"version\": 1, \"tar", "[]", "{\"version\": 9, \"targets\": {}}"])
    func aFileThatCannotBeReadIsSaidAndBeginsAnew(_ content: String) async throws {
        let store = try Self.store()
        try await Story.begin(store.backend)
        let path = store.folder.path + "/webhooks.json"
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        let log = LogLines()
        try await run([], over: store, log: log) { backend, _, posts in
            try await Story.act(backend)
            try await Self.expect("incident.closed", &posts)
        }
        #expect(log.all.contains { $0.hasPrefix("\(path) cannot be used: webhooks are told only what happens from now on") })
        #expect(try JSON(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))["version"] == 1)
    }

    @Test func aWaitIsToldOnceWhateverPlansItHas() async throws {
        try await run([], occasions: [.awaitingApproval, .closed]) { backend, _, posts in
            try await Story.begin(backend)
            _ = try #require(await posts.next())
            for id in ["01JD9Z6Q7M00000000000000P3", "01JD9Z6Q7M00000000000000P4"] {
                try await backend.play(
                    .planProposed, id,
                    ["incident": .string(Story.incident), "plan": Story.plan(id: id).json, "gates": [], "awaiting": true])
                try await backend.play(.planClosed, id, ["incident": .string(Story.incident), "state": "void"])
            }
            try await Story.act(backend)
            try await Self.expect("incident.closed", &posts)
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
