import Core
import Diagnosis
import Kubernetes

/// What is known of a workload whose requests are slow or fail, and that calls nobody to whom the same happens: what rules ask before they blame.
struct TrafficFacts: Sendable {
    let workload: Int
    let path: EntityPath
    let signals: WorkloadSignals
    /// What is felt, in words: by itself, or where its own requests are not measured by who calls it.
    let effect: String
    /// Whom it calls of whose requests nothing was measured, those of them whose CPU was not measured either, and who calls it and suffers as well;
    /// ascending by path.
    let unmeasured: [EntityPath]
    let unseen: [EntityPath]
    let sufferers: [EntityPath]
    /// What a release changed while it was measured, restarts left out.
    let release: Change?
    /// ConfigMaps of it that were written while it was measured, and when.
    let configuration: [(map: String, time: Timestamp)]
    /// More requests come in than before.
    let isBusier: Bool
    /// It uses more CPU, beyond what more requests would explain.
    let burnsCPU: Bool
    let isThrottled: Bool
    /// The node on which its pods are slow, while those elsewhere are not.
    let slowNode: String?
    /// All its pods run on one node: nothing tells its own slowness from that of the node.
    let onlyNode: String?
    /// Another workload that takes the CPU of a node of its.
    let neighbour: Neighbour?
    /// Callers that call it more often than they are called themselves, beyond what they did.
    let insistent: [Int]
    /// Those whom it calls itself more often for each request than it did.
    let repeated: [Int]
    /// Whom it calls outside of the cluster.
    let outside: [CalledPeer]
    /// It says itself whom it does not reach.
    let complains: Bool

    struct Neighbour: Sendable {
        let workload: Int
        let node: String
        /// Cores, and how many the node has.
        let cpu: Shift
        let cores: Double
    }

    /// Nothing else is known that would explain it.
    var isUnexplained: Bool {
        release == nil && configuration.isEmpty && !isBusier && !burnsCPU && !isThrottled && slowNode == nil && neighbour == nil
            && insistent.isEmpty && repeated.isEmpty
    }
}

/// The workloads at the bottom of what is slow or fails, with what is known of each.
struct TrafficCase: Sendable {
    let signals: SignalScene
    let facts: [TrafficFacts]
    /// Nodes on which the pods of several workloads are slow, while those elsewhere are not.
    let slowNodes: [SlowNode]
    /// What releases of workloads that repeat their calls changed.
    let releases: [Int: Change]

    struct SlowNode: Sendable {
        let node: String
        /// Ascending by path.
        let workloads: [Int]
        /// Mean seconds to answer there and on other nodes.
        let here: Double
        let elsewhere: Double
        /// Requests fail there, too.
        let loses: Bool
    }

    init?(_ scene: Scene, _ complaints: [Complaint]) {
        guard let signals = SignalScene(scene) else { return nil }
        self.signals = signals
        // Whose own pods are not well has a reason that shows in them.
        let bottom = (signals.affected.filter { signals.affectedCallees(of: $0, scene).isEmpty } + signals.strained)
            .filter { !scene.workloads[$0].isSuspect }
        let nodes = NodeLoad(scene, signals)
        facts = bottom.compactMap { w in
            signals.signals[w].map { TrafficFacts($0, scene, signals, nodes, complaints) }
        }
        slowNodes = Self.slowNodes(scene, signals)
        var releases: [Int: Change] = [:]
        for caller in facts.flatMap({ $0.insistent + ($0.repeated.isEmpty ? [] : [$0.workload]) }) where releases[caller] == nil {
            releases[caller] = TrafficFacts.release(scene.workloads[caller], since: signals.window.now.lowerBound + .seconds(-3600), scene)
        }
        self.releases = releases
    }

    private static func slowNodes(_ scene: Scene, _ all: SignalScene) -> [SlowNode] {
        var byNode: [String: [WorkloadSignals]] = [:]
        for w in all.affected {
            guard let signals = all.signals[w], let node = TrafficFacts.slowNode(signals) else { continue }
            byNode[node, default: []].append(signals)
        }
        return byNode.keys.sorted().compactMap { node in
            let slow = byNode[node] ?? []
            guard slow.count >= 2, byNode.allSatisfy({ $0.key == node || $0.value.count * 2 <= slow.count }) else { return nil }
            let pods = slow.flatMap(\.pods)
            func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
            let here = pods.filter { $0.node == node }
            // Who calls others fails when those are late: whether packets are lost shows in those that call nobody.
            let leaves = slow.filter { all.callees[$0.workload]?.isEmpty ?? true }
            let told = (leaves.isEmpty ? slow : leaves).flatMap(\.pods).filter { $0.node == node }
            let failed = told.reduce(0) { $0 + $1.failures.now }, answered = told.reduce(0) { $0 + $1.requests.now }
            return SlowNode(
                node: node, workloads: slow.map(\.workload).sorted { scene.workloads[$0].path < scene.workloads[$1].path },
                here: mean(here.compactMap(\.latencyNow)),
                elsewhere: mean(pods.filter { $0.node != nil && $0.node != node }.compactMap(\.latencyNow)),
                loses: answered > 0 && failed / answered > 0.04)
        }
    }
}

extension TrafficFacts {
    fileprivate init(_ measured: WorkloadSignals, _ scene: Scene, _ all: SignalScene, _ nodes: NodeLoad, _ complaints: [Complaint]) {
        let w = measured.workload
        let workload = scene.workloads[w]
        self.workload = w
        path = workload.path
        signals = measured
        let silent = (all.callees[w] ?? []).filter { !(all.signals[$0]?.hasRequests ?? false) }
        unmeasured = silent.map { scene.workloads[$0].path }.sorted()
        unseen = silent.filter { all.signals[$0]?.cpu?.before == nil }.map { scene.workloads[$0].path }.sorted()
        let suffering = (all.callers[w] ?? []).filter { all.signals[$0]?.isAffected ?? false }
            .sorted { scene.workloads[$0].path < scene.workloads[$1].path }
        sufferers = suffering.map { scene.workloads[$0].path }
        let own = TrafficWords.effect(measured)
        effect =
            own.isEmpty
            ? suffering.first.flatMap { all.signals[$0] }.map {
                "of \(scene.workloads[$0.workload].name), which calls it, \(TrafficWords.effect($0))"
            } ?? "" : own
        let start = all.window.before.map(\.upperBound) ?? all.window.now.lowerBound
        release = Self.release(workload, since: start + .seconds(-60), scene)
        configuration = Self.configuration(workload, since: start, scene)
        let rate = measured.rate
        isBusier = (rate?.ratio ?? 1) > 1.35 && (rate?.now ?? 0) - (rate?.before ?? 0) > 1
        let cpu = measured.cpu
        burnsCPU = (cpu?.ratio ?? 1) > 1.6 * max(1, rate?.ratio ?? 1) && (cpu?.now ?? 0) - (cpu?.before ?? 0) > 0.05
        isThrottled = (measured.throttledShare ?? 0) > 0.25
        slowNode = Self.slowNode(measured)
        let places = Set(measured.pods.compactMap(\.node))
        onlyNode = places.count == 1 ? places.first : nil
        neighbour = nodes.neighbour(of: measured)
        insistent = (all.callers[w] ?? []).filter { Self.insists($0, on: w, all) }
        repeated = (all.callees[w] ?? []).filter { Self.insists(w, on: $0, all) }
        let template = workload.template
        outside = (template?.spec.containers ?? []).flatMap { scene.calledPeers(of: $0, in: workload.namespace) }
            .filter { $0.service == nil && $0.peer.host.contains(".") && !$0.peer.isAddress && !$0.peer.host.contains(".svc") }
        complains = complaints.contains { complaint in
            guard complaint.workload == workload.path else { return false }
            switch complaint.clue.kind {
            case .connectionRefused, .connectionTimedOut:
                return !ServiceIndex.services(complaint.clue.peers, namespace: workload.namespace, scene).isEmpty
            case .databaseFull, .databaseReadOnly, .loginRefused, .nameNotFound, .nameServiceDown, .certificateExpired: return true
            default: return false
            }
        }
    }

    fileprivate static func release(_ workload: Workload, since start: Timestamp, _ scene: Scene) -> Change? {
        let ofSets = RevisionHistory(workload, scene).flatMap { history in
            history.base.map { RevisionChange(since: $0, history, workload, scene) }
        }
        guard let change = ofSets ?? ControllerHistory(workload, scene)?.change, !change.isRestart, !change.fields.isEmpty,
            let time = change.time, time > start
        else { return nil }
        return change.limited(to: change.fields)
    }

    private static func configuration(_ workload: Workload, since start: Timestamp, _ scene: Scene) -> [(map: String, time: Timestamp)] {
        guard let spec = workload.template?.spec else { return [] }
        var names: Set<String> = []
        for container in spec.containers {
            names.formUnion(container.envFrom.compactMap { $0.configMapRef?.name })
            names.formUnion(container.env.compactMap { $0.valueFrom?.configMapKeyRef?.name })
        }
        names.formUnion(spec.volumes.compactMap { $0.configMap?.name })
        return names.sorted().compactMap { name in
            guard let map = scene.configMap(workload.namespace, name) else { return nil }
            let path = scene.path("ConfigMap", workload.namespace, name)
            let recorded = scene.snapshot.changes.filter { $0.entity == path }.compactMap(\.time).max()
            let written = [map.metadata.lastWrite, recorded].compactMap { $0 }.max()
            guard let written, written > start, recorded != nil || written > (map.metadata.creationTimestamp ?? .distantPast) else {
                return nil
            }
            return (name, written)
        }
    }

    /// A node on which the pods are much slower than all others of the workload.
    fileprivate static func slowNode(_ signals: WorkloadSignals) -> String? {
        var byNode: [String: [Double]] = [:]
        for pod in signals.pods { if let node = pod.node, let latency = pod.latencyNow { byNode[node, default: []].append(latency) } }
        guard byNode.count > 1 else { return nil }
        let means = byNode.mapValues { $0.reduce(0, +) / Double($0.count) }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let (slowest, others) = (means[0], means.dropFirst())
        guard let second = others.map(\.value).max(), slowest.value - second > 0.05, slowest.value > 1.5 * second else { return nil }
        return slowest.key
    }

    /// Whether a caller makes many more calls for each request that it is asked than it did.
    private static func insists(_ caller: Int, on callee: Int, _ all: SignalScene) -> Bool {
        guard let here = all.signals[callee]?.rate, let before = here.before, before > 0, here.now > 1.3 * before,
            let rate = all.signals[caller]?.rate, let earlier = rate.before, earlier > 0, rate.now > 0
        else { return false }
        return (here.now / rate.now) / (before / earlier) > 1.8
    }
}

/// How much CPU the workloads of each node use, by what was measured of their pods.
struct NodeLoad: Sendable {
    private var byNode: [String: [Int: PodSignals.Tally]] = [:]
    private var cores: [String: Double] = [:]

    init(_ scene: Scene, _ signals: SignalScene) {
        for (w, measured) in signals.signals {
            for pod in measured.pods {
                guard let node = pod.node else { continue }
                byNode[node, default: [:]][w] = (byNode[node]?[w] ?? PodSignals.Tally()) + pod.cpu
            }
        }
        for node in scene.snapshot.nodes { cores[node.metadata.name] = node.status.allocatable["cpu"]?.double }
    }

    /// Who takes most of the CPU of a node on which pods of a workload run, and did not before; the first such node by name.
    func neighbour(of measured: WorkloadSignals) -> TrafficFacts.Neighbour? {
        for node in Set(measured.pods.compactMap(\.node)).sorted() {
            guard let all = byNode[node], let cores = cores[node], cores > 0 else { continue }
            let used = all.values.reduce(0) { $0 + $1.now }
            guard used > 0.75 * cores else { continue }
            let others = all.filter { $0.key != measured.workload }.sorted { ($1.value.now, $0.key) < ($0.value.now, $1.key) }
            guard let first = others.first, first.value.now > 0.4 * cores, first.value.now > 2 * first.value.before else { continue }
            return TrafficFacts.Neighbour(
                workload: first.key, node: node,
                cpu: Shift(before: first.value.hasBefore ? first.value.before : nil, now: first.value.now), cores: cores)
        }
        return nil
    }
}
