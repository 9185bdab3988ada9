import Core
import Diagnosis
import Kubernetes

/// The measurements of a snapshot by workload, and who calls whom.
struct SignalScene: Sendable {
    let window: SignalWindow
    /// By the index of the workload.
    private(set) var signals: [Int: WorkloadSignals] = [:]
    /// Workloads that a workload calls, ascending.
    private(set) var callees: [Int: [Int]] = [:]
    private(set) var callers: [Int: [Int]] = [:]

    /// Nil where nothing was measured lately.
    init?(_ scene: Scene) {
        guard !scene.snapshot.metrics.isEmpty, let window = SignalWindow(scene.snapshot.metrics, at: scene.now) else { return nil }
        self.window = window
        measure(scene)
        connect(scene)
    }

    /// Affected workloads, ascending.
    var affected: [Int] { signals.keys.filter { signals[$0]?.isAffected ?? false }.sorted() }

    /// Those whom a workload calls and who are affected themselves, or strained, or whose pods are not well; ascending.
    func affectedCallees(of workload: Int, _ scene: Scene) -> [Int] {
        (callees[workload] ?? []).filter { callee in
            callee != workload
                && (signals[callee]?.isAffected ?? false || isStrained(callee) || scene.workloads[callee].isSuspect
                    || scene.workloads[callee].desired == 0)
        }
    }

    /// Workloads that affected ones call and that are strained, ascending.
    var strained: [Int] { Set(affected.flatMap { callees[$0] ?? [] }).filter(isStrained).sorted() }

    /// Whether a workload whose requests are not measured, as those of a database, takes far more CPU than before, beyond what more requests to its
    /// callers would explain.
    private func isStrained(_ workload: Int) -> Bool {
        guard let measured = signals[workload], !measured.hasRequests, let cpu = measured.cpu, let before = cpu.before else { return false }
        let busier = (callers[workload] ?? []).compactMap { signals[$0]?.rate?.ratio }.max() ?? 1
        return cpu.now > 1.6 * max(1, busier) * before && cpu.now - before > 0.2
    }

    // MARK: Measuring

    private mutating func measure(_ scene: Scene) {
        let owners = PodOwners(scene)
        var table: [Int: [String: PodSignals]] = [:]
        func add(
            _ name: String, _ into: WritableKeyPath<PodSignals, PodSignals.Tally>, per scale: Double = 1,
            where matches: ([String: String]) -> Bool = { _ in true }
        ) {
            for series in scene.snapshot.metrics.named(name) {
                guard matches(series.labels), let (namespace, pod) = MetricNames.pod(series.labels),
                    let w = owners.workload(namespace, pod)
                else { continue }
                var tally = PodSignals.Tally()
                if let before = window.before, let rate = series.rate(in: before) { (tally.before, tally.hasBefore) = (rate / scale, true) }
                if let rate = series.rate(in: window.now) { (tally.now, tally.hasNow) = (rate / scale, true) }
                var signals = table[w]?[pod] ?? PodSignals(name: pod)
                if signals.node == nil {
                    signals.node = scene.podIndex(namespace: namespace, name: pod).flatMap { scene.snapshot.pods[$0].spec.nodeName }
                }
                signals[keyPath: into] = signals[keyPath: into] + tally
                table[w, default: [:]][pod] = signals
            }
        }
        if let name = MetricNames.requests.first(where: { !scene.snapshot.metrics.named($0).isEmpty }) {
            add(name, \.requests)
            add(name, \.failures, where: MetricNames.countsFailures)
        }
        if let (name, scale) = MetricNames.durations.first(where: { !scene.snapshot.metrics.named($0.name + "_sum").isEmpty }) {
            add(name + "_sum", \.time, per: scale)
            add(name + "_count", \.answered)
        }
        add("container_cpu_usage_seconds_total", \.cpu) { $0["container"] != "" && $0["container"] != "POD" }
        add("container_cpu_cfs_periods_total", \.periods)
        add("container_cpu_cfs_throttled_periods_total", \.throttled)
        for (w, pods) in table { signals[w] = WorkloadSignals(workload: w, pods: pods.keys.sorted().compactMap { pods[$0] }) }
    }

    // MARK: Calls

    private mutating func connect(_ scene: Scene) {
        var edges: [Int: Set<Int>] = [:]
        for (w, workload) in scene.workloads.enumerated() {
            for container in workload.template?.spec.containers ?? [] {
                for peer in scene.calledPeers(of: container, in: workload.namespace) {
                    guard let service = peer.service else { continue }
                    edges[w, default: []].formUnion(scene.workloads(behind: service))
                }
            }
        }
        func workloads(_ path: EntityPath) -> [Int] {
            if path.kind == "Service" {
                return scene.service(path.namespace, path.name).map { scene.workloads(behind: $0) } ?? []
            }
            return scene.index.byPath[path.withoutContainer].map { [$0] } ?? []
        }
        for call in scene.snapshot.calls {
            for from in workloads(call.from) { edges[from, default: []].formUnion(workloads(call.to)) }
        }
        for (from, targets) in edges {
            callees[from] = targets.subtracting([from]).sorted()
            for to in targets where to != from { callers[to, default: []].append(from) }
        }
        for to in callers.keys { callers[to]?.sort() }
    }
}

/// Whose a pod is, by its name: measurements outlive pods.
struct PodOwners {
    private let scene: Scene
    private let byName: [String: Int]

    init(_ scene: Scene) {
        self.scene = scene
        byName = Dictionary(
            scene.workloads.enumerated().map { ("\($1.namespace)/\($1.name)", $0) }, uniquingKeysWith: { a, _ in a })
    }

    func workload(_ namespace: String, _ pod: String) -> Int? {
        if let p = scene.podIndex(namespace: namespace, name: pod) { return scene.index.ofPod[p] }
        // name-hash-suffix of a Deployment, name-suffix of others.
        var name = Substring(pod)
        for _ in 0..<3 {
            guard let dash = name.lastIndex(of: "-") else { return nil }
            name = name[..<dash]
            if let w = byName["\(namespace)/\(name)"] { return w }
        }
        return nil
    }
}
