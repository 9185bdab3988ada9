import Core
import Incidents
import Kubernetes
import Twin

/// Days of a healthy shop, with all that happens in it, and Martlet watching as `martlet serve` does: at every change, each few seconds
/// while things change, and each minute when nothing does.
struct NoiseTrial {
    /// A fault that is none of the noise.
    struct RealFault: Sendable {
        let slug: String
        let target: String
        let at: Duration
    }

    struct Result: Sendable {
        struct Opened: Sendable {
            let openedAt: Timestamp
            /// What it was opened for.
            let cause: Cause
            /// What had happened in the quarter of an hour before.
            let near: [String]
        }
        var opened: [Opened] = []
        /// How often each kind of noise happened.
        var counts: [String: Int] = [:]
        var looks = 0
        var mostReplicas = 0
    }

    private enum Deed: Sendable {
        case noise(Noise)
        case evict(node: String, seconds: Int, restarts: Bool)
        case uncordon(String)
        case usualLoad
        case failRun
        case fault(RealFault)
    }

    private let days: Double
    private let calendar: NoiseCalendar
    private let shop: NoisyShop
    private var watch: NoiseWatch
    private var generator: SeededGenerator
    private var agenda: [(at: Timestamp, deed: Deed)] = []
    private var log: [(at: Timestamp, text: String)] = []
    private var lastChange: Timestamp = .init(seconds: Int64(0))
    private(set) var result = Result()

    /// While things change, and for so long after, they are looked at each ``step``; else each ``quietStep``.
    private static let restlessness = Duration.seconds(60)
    private static let step = Duration.seconds(5)
    private static let quietStep = Duration.seconds(50)

    init(days: Double, seed: UInt64, counts: NoiseCalendar.Counts? = nil, faults: [RealFault] = [], home: String) async throws {
        self.days = days
        calendar = NoiseCalendar(
            counts ?? .of(days: days), over: .seconds(days * 86_400), nodes: NoisyShop.nodes, seed: seed)
        shop = try await NoisyShop(seed: seed, images: calendar.images)
        watch = try await NoiseWatch(shop.cluster, client: shop.client, home: home)
        generator = SeededGenerator(seed: seed &+ 1)
        let start = shop.cluster.clock.now()
        for entry in calendar.entries { plan(.noise(entry.noise), at: start + entry.at) }
        for fault in faults { plan(.fault(fault), at: start + fault.at) }
    }

    /// Runs it from its beginning to its end.
    mutating func run() async throws -> Result {
        let end = shop.cluster.clock.now() + .seconds(days * 86_400)
        while let next = agenda.first, next.at <= end {
            try await pass(until: next.at)
            agenda.removeFirst()
            try await perform(next.deed)
        }
        try await pass(until: end)
        await watch.close()
        return result
    }

    private mutating func plan(_ deed: Deed, at time: Timestamp) {
        agenda.insert((time, deed), at: agenda.lastIndex { $0.at <= time }.map { $0 + 1 } ?? 0)
    }

    // MARK: Time

    /// What changes in every cluster all the time: that alone is no reason to look.
    private static let heartbeats: Set<ResourceType> = [.leases, .horizontalPodAutoscalers]

    private mutating func pass(until time: Timestamp) async throws {
        let cluster = shop.cluster
        while cluster.clock.now() < time {
            let now = cluster.clock.now()
            let pause = now - lastChange < Self.restlessness ? Self.step : Self.quietStep
            let changed = await cluster.advance(to: min(time, now + pause), orChangeBeside: Self.heartbeats)
            // What happens together is looked at together, as in the loop.
            if !changed.isEmpty { await cluster.advance(by: .milliseconds(50)) }
            if !changed.isSubset(of: [.events, .nodes]) { lastChange = cluster.clock.now() }
            try await look()
        }
    }

    private mutating func look() async throws {
        try await watch.look()
        result.looks += 1
        let now = shop.cluster.clock.now()
        for incident in await watch.incidents.dropFirst(result.opened.count) {
            let near = log.filter { now - $0.at < .seconds(900) }.map { "\(Int(($0.at - now).secondCount)) s: \($0.text)" }
            result.opened.append(Result.Opened(openedAt: incident.openedAt, cause: incident.cause, near: near))
        }
    }

    // MARK: Deeds

    private mutating func note(_ text: String) { log.append((shop.cluster.clock.now(), text)) }

    private mutating func perform(_ deed: Deed) async throws {
        let now = shop.cluster.clock.now()
        lastChange = now
        switch deed {
        case .noise(let noise):
            if try await perform(noise, at: now) { result.counts[noise.kind, default: 0] += 1 }
        case .evict(let node, let seconds, let restarts):
            guard try await shop.evictPods(of: node) else {
                return plan(.evict(node: node, seconds: seconds, restarts: restarts), at: now + .seconds(5))
            }
            note("\(node) is empty")
            if restarts { _ = try await shop.cluster.inject("node-not-ready", target: "Node/\(node)", for: .seconds(min(seconds, 150))) }
            plan(.uncordon(node), at: now + .seconds(seconds))
        case .uncordon(let node):
            note("\(node) is taken back")
            try await shop.setSchedulable(node, true)
        case .usualLoad: try await shop.put(load: NoisyShop.usualLoad)
        case .failRun:
            let pods = try await shop.client.list(Pod.self, in: ListScope(namespace: NoisyShop.namespace)).items
            guard let pod = pods.first(where: { $0.metadata.labels["job"] == NoisyShop.cronJob && $0.status.phase == "Running" }) else {
                return plan(.failRun, at: now + .seconds(5))
            }
            note("the run of \(NoisyShop.cronJob) fails")
            try await shop.cluster.happen(
                .exit(code: 1, log: ["error: the export is not there yet"]), to: pod.metadata.name, namespace: NoisyShop.namespace)
            result.counts["failedRuns", default: 0] += 1
        case .fault(let fault):
            note("FAULT \(fault.slug) of \(fault.target)")
            _ = try await shop.cluster.inject(fault.slug, target: fault.target)
        }
    }

    /// Whether it happened: nothing can be done to a pod that is not there.
    private mutating func perform(_ noise: Noise, at now: Timestamp) async throws -> Bool {
        switch noise {
        case .deploy(let program, let release):
            note("\(program): \(release)")
            try await shop.deploy(program, release, at: now)
        case .drain(let node, let seconds, let restarts):
            note("\(node) is drained\(restarts ? " and restarted" : "")")
            try await shop.setSchedulable(node, false)
            plan(.evict(node: node, seconds: seconds, restarts: restarts), at: now + .seconds(1))
        case .nodeLoss(let node, let seconds):
            note("\(node) is lost for \(seconds) s")
            _ = try await shop.cluster.inject("node-not-ready", target: "Node/\(node)", for: .seconds(seconds))
        case .exit(let code):
            return try await happen(.exit(code: code, log: ["fatal: unexpected end of the stream"]), "ends with exit code \(code)")
        case .outOfMemory: return try await happen(.outOfMemory, "is killed for its memory")
        case .unhealthy(let seconds): return try await happen(.unhealthy(.seconds(seconds)), "fails its probes for \(seconds) s")
        case .swing(let rate, let seconds):
            note("\(rate) requests a second for \(seconds) s")
            try await shop.put(load: .string("{rate: \(rate), noise: 0.05}"))
            plan(.usualLoad, at: now + .seconds(seconds))
        case .failedRun:
            plan(.failRun, at: now)
            return false
        }
        return true
    }

    private mutating func happen(_ mishap: Mishap, _ text: String) async throws -> Bool {
        let pods = try await shop.readyPods()
        guard !pods.isEmpty else { return false }
        let pod = pods[Int(generator.next() % UInt64(pods.count))]
        note("\(pod.metadata.name) \(text)")
        try await shop.cluster.happen(mishap, to: pod.metadata.name, namespace: pod.metadata.namespace)
        return true
    }
}
