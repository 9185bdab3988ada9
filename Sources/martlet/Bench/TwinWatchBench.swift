import ArgumentParser
import Core
import Foundation
import Kubernetes
import Synchronization

/// `martlet twin` with 100 watchers of its pods while pods change: from the moment at which a change is due to be sent until a watcher
/// has it, the time for writing included.
///
/// The rate rises until the 99th percentile passes 100 ms or a watcher misses a change; the last rate before that is the ceiling.
struct TwinWatchBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-watch")

    @Option(help: .hidden) var watchers = 100
    @Option(help: .hidden) var rate = 300.0
    @Option(help: .hidden) var seconds = 10.0
    @Option(help: .hidden) var ceiling = 20_000.0

    func run() async throws {
        let folder = try BenchFolder()
        let twin = try BenchTwin(nodes: 20, speed: "max", folder: folder)
        defer { twin.program.end() }
        try await twin.start(deployments: 1, replicas: 100)
        // What moves by itself is not counted, and is slow enough not to matter.
        try await twin.set(speed: 1)
        let names = try await twin.client.list(Pod.self, in: ListScope(namespace: "default")).items.map(\.metadata.name)
        var load = WatchLoad(client: twin.client, names: names, watchers: watchers)
        let asked = try await load.run(rate: rate, seconds: seconds)
        Figure(
            name: "twin-watch-lag-p99", value: asked.isComplete ? asked.percentile(0.99) : .infinity, unit: "ms", limit: 100,
            more: [
                "watchers": JSON(watchers), "rate": .number(rate), "changes": JSON(asked.changes), "expected": JSON(asked.expected),
                "received": JSON(asked.lags.count), "median": .number(Figure.round(asked.percentile(0.5))),
                "worst": .number(Figure.round(asked.percentile(1))),
            ]
        ).print()
        var (reached, next, last) = (0.0, rate, asked)
        while last.isComplete, last.percentile(0.99) < 100, next < ceiling {
            reached = next
            next = (next * 1.25).rounded()
            last = try await load.run(rate: next, seconds: seconds / 2)
        }
        Figure(
            name: "twin-watch-ceiling", value: reached, unit: "changes/s",
            more: [
                "watchers": JSON(watchers), "failedAt": .number(next), "lagThere": .number(Figure.round(last.percentile(0.99))),
                "expectedThere": JSON(last.expected), "receivedThere": JSON(last.lags.count),
            ]
        ).print()
    }
}

/// Changes at a steady rate, and those who watch.
private struct WatchLoad {
    let client: KubernetesClient
    let names: [String]
    let watchers: Int
    /// Rounds so far: a change belongs to one of them.
    private var round = 0

    /// How many calls may be under way at once.
    private static let writers = 32
    /// What is received later counts as missed.
    private static let patience = Duration.seconds(5)

    init(client: KubernetesClient, names: [String], watchers: Int) {
        self.client = client
        self.names = names
        self.watchers = watchers
    }

    mutating func run(rate: Double, seconds: Double) async throws -> WatchOutcome {
        round += 1
        let (client, names, mark) = (client, names, "round-\(round)-")
        let count = Int(rate * seconds)
        let version = try await client.listObjects(.pods).metadata.resourceVersion
        let (open, opened) = AsyncStream.makeStream(of: Void.self)
        let schedule = Schedule(rate: rate)
        return try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<watchers {
                group.addTask {
                    let path = "/api/v1/namespaces/default/pods?watch=true&resourceVersion=\(version)"
                    let call = HTTPCall(path: path, headers: [("Accept", "application/json")])
                    let answer = try await client.transport.send(call)
                    opened.yield()
                    return try await WatchLoad.receive(count, mark, answer.body, schedule)
                }
            }
            var standing = 0
            for await _ in open {
                standing += 1
                if standing == watchers { break }
            }
            schedule.begin()
            try await WatchLoad.write(count, mark, names, client, schedule)
            // Those that miss a change would wait for ever.
            group.addTask {
                try await Task.sleep(for: WatchLoad.patience)
                throw CancellationError()
            }
            var lags: [Double] = []
            do {
                for _ in 0..<watchers { lags += try await group.next() ?? [] }
            } catch is CancellationError {}
            group.cancelAll()
            return WatchOutcome(changes: count, expected: count * watchers, lags: lags.sorted())
        }
    }

    /// Sends each change when it is due, or as soon after as a writer is free.
    private static func write(
        _ count: Int, _ mark: String, _ names: [String], _ client: KubernetesClient, _ schedule: Schedule
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<writers {
                group.addTask {
                    while case let index = schedule.take(), index < count {
                        try await Task.sleep(until: schedule.due(index), clock: .continuous)
                        let body: JSON = ["metadata": ["annotations": ["bench": .string("\(mark)\(index)-")]]]
                        let answer = try await client.transport.send(
                            HTTPCall(
                                method: "PATCH", path: "/api/v1/namespaces/default/pods/\(names[index % names.count])",
                                headers: [("Content-Type", "application/merge-patch+json")], body: body.serialized()))
                        _ = try await answer.body.collect(upTo: 1 << 20)
                        guard answer.status == 200 else { throw MartletError(.internalError, "a patch got status \(answer.status)") }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The lag of each change, in milliseconds, until all `count` have come.
    private static func receive(
        _ count: Int, _ mark: String, _ body: HTTPBody, _ schedule: Schedule
    ) async throws -> [Double] {
        let wanted = Array("\"bench\":\"\(mark)".utf8)
        var seen = [Bool](repeating: false, count: count)
        var lags: [Double] = [], rest: [UInt8] = []
        lags.reserveCapacity(count)
        for try await piece in body {
            let now = ContinuousClock.now
            rest += piece
            var position = 0
            // Only the number is looked for: reading whole objects a hundred times over would measure the reader.
            while let found = WatchLoad.find(wanted, in: rest, from: position) {
                guard let end = rest[found...].firstIndex(of: UInt8(ascii: "-")) else { break }
                position = end
                guard let index = Int(String(decoding: rest[found..<end], as: UTF8.self)), index < count, !seen[index] else { continue }
                seen[index] = true
                lags.append((now - schedule.due(index)).secondCount * 1000)
            }
            // What may be the beginning of a number that has not fully come stays.
            rest.removeFirst(max(position, min(rest.count, rest.count - wanted.count - 20)))
            if lags.count == count { break }
        }
        return lags
    }

    /// Where `text` ends at its first occurrence from `start` on (Horspool's search: most bytes are never looked at).
    private static func find(_ text: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let last = text.last else { return nil }
            var skips = [Int](repeating: text.count, count: 256)
            for (index, byte) in text.dropLast().enumerated() { skips[Int(byte)] = text.count - 1 - index }
            var end = start + text.count
            while end <= bytes.count {
                let byte = bytes[end - 1]
                if byte == last, memcmp(base + end - text.count, text, text.count) == 0 { return end }
                end += skips[Int(byte)]
            }
            return nil
        }
    }
}

/// When each change is due, and which is next.
private final class Schedule: Sendable {
    private let rate: Double
    private let start = Mutex(ContinuousClock.now)
    private let next = Mutex(0)

    init(rate: Double) { self.rate = rate }

    /// The first change is due now.
    func begin() { start.withLock { $0 = ContinuousClock.now } }

    func due(_ index: Int) -> ContinuousClock.Instant { start.withLock { $0 } + .seconds(Double(index) / rate) }

    func take() -> Int {
        next.withLock { next in
            defer { next += 1 }
            return next
        }
    }
}

private struct WatchOutcome {
    let changes: Int
    let expected: Int
    /// Milliseconds, sorted; one for each change and watcher.
    let lags: [Double]

    var isComplete: Bool { lags.count == expected }

    func percentile(_ share: Double) -> Double {
        lags.isEmpty ? .infinity : lags[max(0, Int((Double(lags.count) * share).rounded(.up)) - 1)]
    }
}
