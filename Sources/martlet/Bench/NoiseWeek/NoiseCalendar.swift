import Core

/// What happens in some days, and when: drawn from a seed.
struct NoiseCalendar: Sendable {
    /// How often something happens.
    struct Counts: Sendable {
        var deploys = 0, drains = 0, nodeLosses = 0, exits = 0, outOfMemory = 0, blips = 0, swings = 0

        /// Of one week.
        static let week = Counts(deploys: 60, drains: 24, nodeLosses: 7, exits: 90, outOfMemory: 20, blips: 110, swings: 21)

        /// As much as falls on so many days, and at least one of each.
        static func of(days: Double) -> Counts {
            func share(_ count: Int) -> Int { max(1, Int((Double(count) * days / 7).rounded(.up))) }
            return Counts(
                deploys: share(week.deploys), drains: share(week.drains), nodeLosses: share(week.nodeLosses), exits: share(week.exits),
                outOfMemory: share(week.outOfMemory), blips: share(week.blips), swings: share(week.swings))
        }
    }

    /// By the time since the beginning.
    private(set) var entries: [(at: Duration, noise: Noise)] = []
    /// The images that are released, some of which take long to be pulled.
    private(set) var images: [String] = []
    private var generator: SeededGenerator

    /// The Deployments of the shop.
    static let programs = [
        "frontend", "catalog", "search", "recommendations", "reviews", "cart", "sessions", "checkout", "payments", "shipping", "orders",
    ]

    init(_ counts: Counts, over time: Duration, nodes: Int, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        deploys(counts.deploys, over: time)
        ofNodes(counts, over: time, nodes: nodes)
        for _ in 0..<counts.exits { add(.exit([1, 1, 1, 2, 139][pick(5)]), over: time) }
        for _ in 0..<counts.outOfMemory { add(.outOfMemory, over: time) }
        for _ in 0..<counts.blips { add(.unhealthy(seconds: 6 + pick(38)), over: time) }
        for _ in 0..<counts.swings { add(.swing(rate: [60, 320, 400, 480][pick(4)], seconds: 300 + pick(1500)), over: time) }
        entries.append((time / 2, .failedRun))
        entries.sort { $0.at < $1.at }
    }

    private mutating func pick(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }

    private mutating func add(_ noise: Noise, over time: Duration) {
        entries.append((.seconds(pick(max(1, Int(time.secondCount)))), noise))
    }

    /// Each in a part of the time of its own, so that no two of the same program meet.
    private mutating func deploys(_ count: Int, over time: Duration) {
        let slot = Int((time / max(1, count)).secondCount)
        for n in 0..<count {
            let program = Self.programs[pick(Self.programs.count)]
            let release: Noise.Release
            switch pick(12) {
            case 0...4:
                release = .image("1.\(5 + n / 10).\(n % 10)")
                images.append("registry.example.com/shop/\(program):1.\(5 + n / 10).\(n % 10)")
            case 5, 6: release = .setting
            case 7: release = .restart
            case 8: release = .resources
            case 9, 10: release = .slow(seconds: 40 + pick(60))
            default: release = .undo
            }
            entries.append((.seconds(n * slot + pick(max(1, slot))), .deploy(program, release)))
        }
    }

    /// Nobody drains a node while another is away, nor two at a time.
    private mutating func ofNodes(_ counts: Counts, over time: Duration, nodes: Int) {
        let total = counts.drains + counts.nodeLosses
        let slot = Int((time / max(1, total)).secondCount)
        let order = (Array(repeating: true, count: counts.drains) + Array(repeating: false, count: counts.nodeLosses)).shuffled(
            using: &generator)
        for (n, isDrain) in order.enumerated() {
            let node = "worker-\(1 + pick(nodes))"
            let at = Duration.seconds(n * slot + pick(max(1, slot - 1500)))
            // A lost node is back within a minute or after several: then its pods have been put elsewhere.
            let noise =
                isDrain
                ? Noise.drain(node: node, seconds: 120 + pick(780), restarts: pick(2) == 0)
                : .nodeLoss(node: node, seconds: n % 2 == 0 ? 50 + pick(200) : 350 + pick(30))
            entries.append((at, noise))
        }
    }
}
