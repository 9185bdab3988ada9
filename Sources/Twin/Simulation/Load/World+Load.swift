import Core
package import Kubernetes

/// The load of a cluster: its graph, made anew when pods or Services have changed, and what disturbs it.
struct LoadTable: Sendable {
    var graph = LoadGraph()
    /// When pods or Services last changed; nil: the graph is right. A program may begin to listen well after its pod's last change.
    var changedAt: Timestamp?
    var isTicking = false
    /// Faults, by pod, by what owns pods, or by node.
    var disturbances: [ObjectKey: Disturbance] = [:]
    /// What is wrong outside the cluster, by the name of the host.
    var outside: [String: OutsideTrouble] = [:]
}

/// What a host outside the cluster can do to those that call it.
enum OutsideTrouble: Sendable, Equatable {
    /// It answers so much later.
    case slow(Duration)
    /// It does not answer.
    case silent
}

extension World {
    /// The length of one step.
    static let loadStep: Duration = .seconds(1)
    /// So long after a change the graph is looked at in each step.
    private static let settling: Duration = .seconds(120)
    /// A kind of failure is written to the log once in this time.
    private static let logPeriod: Duration = .seconds(10)

    /// Looks at a changed object: the graph may no longer be right, and load may begin.
    mutating func noteLoad(_ change: StoreChange) {
        load.changedAt = now
        guard !load.isTicking, change.key.type == .services, change.kind != .deleted,
            change.object["metadata"]?["annotations"]?[LoadShape.annotation] != nil
        else { return }
        load.isTicking = true
        queue.put(.load, at: now + World.loadStep)
    }

    /// One step of the load.
    mutating func stepLoad() {
        if let changed = load.changedAt {
            rebuildLoad()
            if now - changed > World.settling { load.changedAt = nil }
        }
        guard !load.graph.isEmpty else { return load.isTicking = false }
        queue.put(.load, at: now + World.loadStep)
        let graph = load.graph
        let outside = graph.groups.map { $0.shape?.rate(at: now, seed: options.seed) ?? 0 }
        var flow = LoadFlow(
            graph,
            graph.backends.map { backend in
                guard let container = pods[backend.pod]?.containers[backend.container] else { return ContainerLoad() }
                return container.load ?? container.loadBegun(at: now)
            },
            seconds: World.loadStep.secondCount)
        flow.run(outside: outside)
        for (backend, load) in zip(graph.backends, flow.loads) {
            guard pods[backend.pod]?.containers[backend.container].isRunning == true else { continue }
            pods[backend.pod]?.containers[backend.container].load = load
        }
        for failed in flow.failedCalls { logFailure(graph.backends[failed.backend], failed.call, failed.share, failed.timedOut) }
    }

    private mutating func rebuildLoad() {
        let before = Set(load.graph.backends.map { "\($0.pod)/\($0.container)" })
        load.graph = LoadGraph.of(self)
        // What no load reaches any more is idle, and keeps what it has counted.
        let now = Set(load.graph.backends.map { "\($0.pod)/\($0.container)" })
        for id in before.subtracting(now).sorted() {
            guard let slash = id.lastIndex(of: "/"), let i = Int(id[id.index(after: slash)...]) else { continue }
            let pod = String(id[..<slash])
            guard var rest = pods[pod]?.containers[i].load else { continue }
            (rest.arrivals, rest.waiting, rest.inFlight, rest.cpu, rest.wantedCPU) = (0, 0, 0, 0, 0)
            pods[pod]?.containers[i].load = rest
        }
    }

    /// What a program writes when calls fail: one structured line for each kind now and then.
    private mutating func logFailure(_ backend: LoadGraph.Backend, _ call: Int, _ share: Double, _ timedOut: Bool) {
        guard var worker = pods.removeValue(forKey: backend.pod) else { return }
        defer { pods[backend.pod] = worker }
        let called = backend.calls[call]
        let seconds = JSON.ecmaScriptNumber(called.settings.timeout.secondCount)
        let why =
            called.refusal
            ?? (timedOut ? "context deadline exceeded after \(seconds)s while awaiting headers" : "upstream answered with status 5xx")
        let kind = "\(called.address) \(why)"
        let last = worker.containers[backend.container].load?.loggedAt[kind]
        if let last, now - last < World.logPeriod { return }
        worker.containers[backend.container].load?.loggedAt[kind] = now
        let line: JSON = [
            "time": .string(now.rfc3339(decimals: 3)), "level": called.settings.isOptional ? "warn" : "error", "msg": "request failed",
            "peer": .string(called.address), "error": .string(why), "share": .number((share * 1000).rounded() / 1000),
        ]
        worker.containers[backend.container].append(LoggedLine(time: now, text: line.text()))
    }
}

extension Simulation {
    /// Disturbs the requests of a pod, of all pods that an object owns, or of those on a node; nil ends it.
    package mutating func set(_ disturbance: Disturbance?, on target: ObjectKey) {
        world.load.disturbances[target] = disturbance
        world.load.changedAt = world.now
    }

    /// Something begins to be wrong with a host outside the cluster; nil: it is well again.
    mutating func set(_ trouble: OutsideTrouble?, of host: String) {
        world.load.outside[host] = trouble
        world.load.changedAt = world.now
    }

    /// What disturbs it now.
    func disturbance(on target: ObjectKey) -> Disturbance? { world.load.disturbances[target] }
}
