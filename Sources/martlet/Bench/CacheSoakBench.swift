import ArgumentParser
import Core
import Foundation
import Kubernetes
import Synchronization
import Twin

/// A cache that follows a twin over an unreliable connection while objects are made, changed and deleted: whenever the twin is quiet,
/// the cache must equal it and have been told the final version of every object, none of them twice.
struct CacheSoakBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cache-soak")

    @Option(help: .hidden) var changes = 100_000
    @Option(help: .hidden) var objects = 5000
    @Option(help: .hidden) var seed: UInt64 = 1
    @Option(help: .hidden) var misfortune = 0.3

    func run() async throws {
        var options = TwinOptions()
        options.seed = seed
        options.historyLimit = 5000
        let cluster = SimulatedCluster(options)
        let transport = UnreliableTransport(InProcessTransport(cluster), clock: cluster.clock, seed: seed, misfortune: misfortune)
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        let client = KubernetesClient(transport: transport, clock: cluster.clock, limits: limits, seed: seed)
        let told = Deliveries()
        let cache = ClusterCache(
            client: client, resources: [.resource(ConfigMap.self), .resource(Service.self)], onChange: { told.take($0) })
        var churn = Churn(objects: objects, seed: seed)
        let bursts = 100
        var memory: [Double] = []
        let start = ContinuousClock.now, used = Cost.processorSeconds
        let following = Task { try await cache.run() }
        defer { following.cancel() }
        for burst in 1...bursts {
            try await churn.run(changes * burst / bursts - churn.count, on: cluster)
            guard await settles(cache, cluster, told) else {
                throw MartletError(.internalError, "after \(churn.count) changes the cache never came to equal the twin (seed \(seed))")
            }
            memory.append(Cost.residentMemory)
        }
        let twice = told.twice
        guard twice.isEmpty else {
            throw MartletError(.internalError, "\(twice.count) versions were told twice (seed \(seed))", details: Array(twice.prefix(5)))
        }
        let faults = transport.faults.sorted { $0.key < $1.key }
        Figure(
            name: "cache-soak", value: Double(churn.count), unit: "changes",
            more: [
                "objects": JSON(objects), "quietMomentsEqual": JSON(bursts), "told": JSON(told.count), "seed": JSON(Int(seed)),
                "faults": .object(JSONObject(faults.map { ($0.key, JSON($0.value)) })),
                "residentAfterFifth": .number(Figure.round(memory[bursts / 5])), "residentAtEnd": .number(Figure.round(memory[bursts - 1])),
                "wall": .number(Figure.round((ContinuousClock.now - start).secondCount)),
                "cpuTime": .number(Figure.round(Cost.processorSeconds - used)),
            ]
        ).print()
    }

    /// Lets virtual time pass until the cache equals the twin; false when it does not within a day.
    private func settles(_ cache: ClusterCache, _ cluster: SimulatedCluster, _ told: Deliveries) async -> Bool {
        for _ in 0..<86_400 {
            for _ in 0..<50 { await Task.yield() }
            let store = await cluster.store
            if await Self.holds(cache, ConfigMap.self, store, told), await Self.holds(cache, Service.self, store, told) { return true }
            await cluster.advance(by: .seconds(1))
        }
        return false
    }

    private static func holds<Item: KubernetesResource>(
        _ cache: ClusterCache, _ type: Item.Type, _ store: ObjectStore, _ told: Deliveries
    ) async -> Bool {
        let held = Dictionary(uniqueKeysWithValues: await cache.items(type).map { ($0.key, $0) })
        let truth = store.list(Item.type, namespace: nil)
        guard held.count == truth.count else { return false }
        return truth.allSatisfy { object in
            let metadata = object["metadata"] ?? [:]
            let key = ObjectKey(
                type: Item.type, namespace: metadata["namespace"]?.string ?? "", name: metadata["name"]?.string ?? "")
            guard let item = held[key], item.metadata.uid == metadata["uid"]?.string else { return false }
            return item.metadata.resourceVersion == metadata["resourceVersion"]?.string && told.latest(key) == item.metadata.resourceVersion
        }
    }
}

/// What the cache has told of changes.
private final class Deliveries: Sendable {
    private struct State {
        var latest: [ObjectKey: String] = [:]
        var seen: Set<String> = []
        var twice: [String] = []
        var count = 0
    }

    private let state = Mutex(State())

    func take(_ change: CacheChange) {
        state.withLock { state in
            state.count += 1
            guard change.kind != .deleted else { state.latest[change.key] = nil; return }
            state.latest[change.key] = change.resourceVersion
            // Versions are unique in a store, so that they alone tell.
            if !state.seen.insert(change.resourceVersion).inserted { state.twice.append("\(change.uid)@\(change.resourceVersion)") }
        }
    }

    func latest(_ key: ObjectKey) -> String? { state.withLock { $0.latest[key] } }
    var twice: [String] { state.withLock { $0.twice } }
    var count: Int { state.withLock { $0.count } }
}

/// Random writes to a fixed number of names: about a fifth of them delete or make anew. Now and then the history is compacted.
private struct Churn {
    let objects: Int
    private var generator: SeededGenerator
    private(set) var count = 0

    init(objects: Int, seed: UInt64) {
        self.objects = objects
        generator = SeededGenerator(seed: seed &+ 1)
    }

    mutating func run(_ changes: Int, on cluster: SimulatedCluster) async throws {
        for _ in 0..<changes {
            let draw = generator.next(), isDeletion = generator.next() % 10 == 0
            let index = Int(draw % UInt64(objects))
            let type: ResourceType = index % 2 == 0 ? .configMaps : .services
            let value = String(draw >> 32, radix: 36)
            try await cluster.edit { store, now in try Churn.write(type, "o\(index)", value, isDeletion, &store, now) }
            count += 1
            if count % 50 == 0 { await cluster.advance(by: .milliseconds(200)) }
            if generator.next() % 20_000 == 0 { await cluster.compact() }
            await Task.yield()
        }
    }

    private static func write(
        _ type: ResourceType, _ name: String, _ value: String, _ isDeletion: Bool, _ store: inout ObjectStore, _ now: Timestamp
    ) throws {
        let key = ObjectKey(type: type, namespace: "default", name: name)
        guard var object = store.get(key) else {
            let spec: JSON = type == .services ? ["ports": [["port": 80, "name": .string(value)]]] : .null
            var fresh: JSON = ["metadata": ["name": .string(name), "namespace": "default"]]
            if type == .services { fresh["spec"] = spec } else { fresh["data"] = ["value": .string(value)] }
            _ = try store.create(fresh, type: type, now: now)
            return
        }
        if isDeletion {
            _ = try store.delete(key, options: DeleteOptions(), now: now)
        } else {
            object[at: "metadata", "resourceVersion"] = nil
            object[at: "metadata", "annotations"] = ["value": .string(value)]
            _ = try store.update(object, key: key, now: now)
        }
    }
}
