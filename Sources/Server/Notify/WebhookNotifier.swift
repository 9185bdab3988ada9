package import Core
import Incidents
import Journal
package import Logging
import ServiceLifecycle

/// Tells webhooks when an incident opens, waits for approval and closes, at least once. Each post is tried eight times over about ten
/// minutes; what then was not taken is counted as dead. The queue is bounded: when it is full the oldest post dies, and is counted.
/// How far each webhook has been told is kept (``WebhookPositions``), so that a restart goes on there.
package actor WebhookNotifier: Service {
    package struct Figures: Sendable, Hashable {
        package var waiting = 0
        package var delivered = 0
        package var retried = 0
        package var dead = 0
    }

    package static let capacity = 1000
    static let attempts = 8
    /// Entries that nobody is told of may be read again after a kill; so many at most.
    private static let unsaved: Int64 = 100

    private let backend: any ServerBackend
    private let home: String
    private let targets: [NotificationSettings]
    private let transport: any WebhookTransport
    private let clock: any WallClock
    private let baseURL: @Sendable () -> String
    private let logger: Logger
    /// One queue a target, so that one that is down delays no other.
    private var queues: [Lane]
    /// The newest entry that was looked at for every target.
    private var seen: Int64 = 0
    private var positions: WebhookPositions?
    private var cannotSave = false
    private(set) package var figures = Figures()

    /// Whether it has decided where to begin.
    var isReading: Bool { positions != nil }

    private struct Lane {
        var posts: [WebhookPost] = []
        var sending: WebhookPost?
        var wake: AsyncStream<Void>.Continuation?
    }

    /// - Parameter home: the folder of the store.
    package init(
        home: String, targets: [NotificationSettings], backend: any ServerBackend, transport: any WebhookTransport, clock: any WallClock,
        baseURL: @escaping @Sendable () -> String, logger: Logger
    ) {
        self.home = home
        self.targets = targets
        self.backend = backend
        self.transport = transport
        self.clock = clock
        self.baseURL = baseURL
        self.logger = logger
        queues = targets.map { _ in Lane() }
    }

    package func run() async throws {
        let entries = await backend.recordedEntries()
        let newest = await backend.newestEntry()
        let positions = WebhookPositions(home: home, targets: targets, newest: newest, logger: logger)
        self.positions = positions
        seen = positions.lowest ?? newest
        // So that a target that is new begins here, even if this process ends before it told anything.
        save()
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for index in self.targets.indices { group.addTask { await self.deliver(index) } }
                group.addTask { await self.follow(entries, from: newest) }
                await group.next()
                group.cancelAll()
            }
        }
        save()
    }

    /// The stream only says that there is something new; what it is comes from the journal, so that none is missed.
    private func follow(_ entries: AsyncStream<RecordedEntry>, from newest: Int64) async {
        await read(through: newest)
        for await entry in entries { await read(through: entry.entry.seq) }
    }

    /// Not beyond what the boards hold: an entry is told with the incident that it is about.
    private func read(through newest: Int64) async {
        while seen < newest, let batch = try? await backend.entries(after: seen, limit: Int(min(200, newest - seen))),
            let last = batch.last
        {
            let boards = await backend.boards()
            for entry in batch { take(entry, boards) }
            seen = last.entry.seq
            for index in targets.indices { settle(index) }
            if let positions, positions.lag >= Self.unsaved { save() }
        }
    }

    /// Everything before the oldest post that is not through has been told.
    private func settle(_ index: Int) {
        let oldest = queues[index].sending ?? queues[index].posts.first
        positions?.advance(index, to: oldest.map { $0.seq - 1 } ?? seen)
    }

    private func save() {
        do {
            try positions?.save()
            cannotSave = false
        } catch {
            if !cannotSave { logger.error("webhooks may be told again after a restart", metadata: ["reason": "\(error)"]) }
            cannotSave = true
        }
    }

    private func take(_ recorded: RecordedEntry, _ boards: Boards) {
        guard let post = WebhookPost(recorded, boards, link: baseURL()) else { return }
        for (index, target) in targets.enumerated() where target.occasions.contains(post.occasion) && post.seq > positions?[index] ?? 0 {
            if queues[index].posts.count >= Self.capacity {
                queues[index].posts.removeFirst()
                figures.waiting -= 1
                figures.dead += 1
            }
            queues[index].posts.append(post)
            figures.waiting += 1
            queues[index].wake?.yield()
        }
    }

    private func deliver(_ index: Int) async {
        let (wakes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        queues[index].wake = continuation
        continuation.yield()
        for await _ in wakes {
            while let post = queues[index].posts.first {
                queues[index].posts.removeFirst()
                queues[index].sending = post
                let isDelivered = await self.send(post, to: targets[index])
                if Task.isCancelled, !isDelivered { return }
                queues[index].sending = nil
                figures.waiting -= 1
                if isDelivered { figures.delivered += 1 } else { figures.dead += 1 }
                settle(index)
                save()
            }
        }
    }

    /// Tries until it is taken, refused for good (4xx but 408, 425 and 429), or was tried often enough.
    private func send(_ post: WebhookPost, to target: NotificationSettings) async -> Bool {
        let body = post.json.serialized()
        for attempt in 0..<Self.attempts {
            if attempt > 0 {
                figures.retried += 1
                // 5, 10, 20, … at most 160 seconds, moved by up to a tenth so that many posts do not come back together.
                let base = Int64(5_000) << Int64(min(attempt - 1, 5))
                let spread = Int64(Digest.sha256("\(post.id)\(attempt)".utf8.map { $0 })[0]) * base / 2560
                do { try await clock.sleep(for: .milliseconds(base + spread)) } catch { return false }
            }
            let headers = WebhookSignature.headers(
                body: body, id: post.id, occasion: post.occasion, secret: target.secret?.value, at: clock.now())
            do {
                let status = try await transport.post(body, headers: headers, to: target.url)
                if (200..<300).contains(status) { return true }
                if (400..<500).contains(status), ![408, 425, 429].contains(status) {
                    logger.warning("a webhook refused a notification", metadata: ["host": "\(Self.host(target))", "status": "\(status)"])
                    return false
                }
            } catch is CancellationError {
                return false
            } catch {
                logger.info("a webhook cannot be reached", metadata: ["host": "\(Self.host(target))", "attempt": "\(attempt + 1)"])
            }
        }
        logger.error("a notification was given up", metadata: ["host": "\(Self.host(target))", "incident": "\(post.number)"])
        return false
    }

    /// The path may be a secret.
    private static func host(_ target: NotificationSettings) -> String { WebAddress(target.url)?.origin ?? "?" }
}
