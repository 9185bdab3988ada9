import Core
import Kubernetes

/// Makes a captured case again in a twin of the captured cluster's shape, and compares.
struct ScenarioReplay: Sendable {
    let recorded: RecordedCase
    let images: BehaviourCatalogue
    private let cluster: CaseCluster

    /// How long the cluster runs before the case begins, so that its own services are up.
    private static let warmUp = Duration.seconds(180)

    init(_ recorded: RecordedCase, images: BehaviourCatalogue) {
        self.recorded = recorded
        self.images = images
        var options = TwinOptions()
        options.start = recorded.start + (.zero - Self.warmUp)
        var parts = Set(SimulationOptions.Part.allCases)
        if !recorded.servesResourceMetrics { parts.remove(.resourceMetrics) }
        let simulation = Simulation.admitted(SimulationOptions(seed: options.seed, catalogue: images, parts: parts))
        cluster = CaseCluster(
            twin: SimulatedCluster(loading: recorded.surroundings, options: options, simulation: simulation))
    }

    func run() async throws(MartletError) -> EvaluationCase {
        await cluster.twin.advance(to: recorded.start)
        let namespaces = recorded.manifest.filter { $0.kind == "Namespace" }
        try await cluster.create(namespaces, namespace: recorded.namespace)
        let fault = recorded.steps == nil ? ClusterFault(recorded) : nil
        let comesFirst = fault?.isBefore(recorded.applied) ?? false
        if let fault, comesFirst { try await fault.inject(into: cluster.twin) }
        await cluster.twin.advance(to: recorded.applied)
        try await cluster.create(recorded.manifest.filter { $0.kind != "Namespace" }, namespace: recorded.namespace)
        for step in recorded.steps ?? [] { try await perform(step) }
        if let fault, !comesFirst {
            await cluster.twin.advance(to: fault.onset)
            try await fault.inject(into: cluster.twin)
        }
        let (comparison, notes) = await best()
        let undescribed = await undescribed().map { "undescribed: \($0)" }
        var result = EvaluationCase(recorded.name, differences: comparison.differences, notes: undescribed + notes)
        if !undescribed.isEmpty { result.outcome = .undescribed }
        result.share = comparison.share
        return result
    }

    private func perform(_ step: ScenarioStep) async throws(MartletError) {
        switch step {
        case .sleep(let time): await cluster.twin.advance(by: time)
        case .killContainer(let namespace, let container):
            try await cluster.twin.onScene { (scene) throws(MartletError) in scene.kill(container, namespace: namespace) }
        case .kubectl(let command): try await KubectlRun(cluster: cluster).run(command)
        }
    }

    // MARK: Comparing

    /// The moment around that of the capture at which most agrees. A loop passes through its states at moments that hang on
    /// milliseconds, so that a quarter of the time before and after belongs to the capture; all facts are those of one moment.
    private func best() async -> (Comparison, [String]) {
        let (expected, notes) = Chance.leaveOut(captured)
        let length = recorded.end - recorded.start
        let slack = max(length * 0.25, .seconds(5))
        // The shorter a case ran, the shorter are the states that it shows.
        let step = length < .seconds(60) ? Duration.milliseconds(200) : .seconds(1)
        let last = max(recorded.end + slack, cluster.twin.clock.now() + .seconds(5))
        await cluster.twin.advance(to: recorded.end + (.zero - slack))
        var best: Comparison?
        var seen: Int64?
        var reasons = notes
        while true {
            let store = await cluster.twin.store
            if store.resourceVersion != seen {
                seen = store.resourceVersion
                let (found, more) = Chance.leaveOut(facts(of: store))
                let comparison = Comparison(expected: expected, found: found)
                if best.map({ comparison.share > $0.share }) ?? true { (best, reasons) = (comparison, notes.union(more)) }
                if comparison.differences.isEmpty { break }
            }
            guard cluster.twin.clock.now() < last else { break }
            await cluster.twin.advance(by: step)
        }
        return (best ?? Comparison(expected: expected, found: [:]), reasons.sorted())
    }

    /// Whether the case is one of the cluster's nodes, which are then compared too.
    private var isAboutNodes: Bool { recorded.lists["default.events"] != nil }

    private var captured: [String: Int] {
        var facts = CaseFacts(nodes: nodeNames)
        for (file, resource) in kinds { facts.add(resource.type.kind, recorded.lists[file] ?? [], since: recorded.start) }
        if isAboutNodes { facts.add("Event", recorded.lists["default.events"] ?? [], since: recorded.start) }
        return facts.counts
    }

    private func facts(of store: ObjectStore) -> [String: Int] {
        var facts = CaseFacts(nodes: nodeNames)
        for (_, resource) in kinds {
            var objects = store.list(resource.storage, namespace: resource.type.isNamespaced ? recorded.namespace : nil)
            if resource.storage == .namespaces { objects.removeAll { $0.metadataName != recorded.namespace } }
            facts.add(resource.type.kind, objects, since: recorded.start)
        }
        if isAboutNodes { facts.add("Event", store.list(.events, namespace: "default"), since: recorded.start) }
        return facts.counts
    }

    private var nodeNames: Set<String> { Set((recorded.lists["nodes"] ?? []).map(\.metadataName)) }

    /// What was asked for and says something of a state.
    private var kinds: [(file: String, resource: APIResource)] {
        let about = Set(["nodes", "apiservices"])
        return Set(recorded.listed).union(recorded.lists.keys).sorted().compactMap { file in
            guard !file.contains("."), isAboutNodes || !about.contains(file), file != "apiservices" else { return nil }
            return APIResources.served.all.first { $0.type.plural == file && $0.type.group != "events.k8s.io" }.map { (file, $0) }
        }
    }

    /// Programs that ran and of which no file tells, as `image command args`.
    private func undescribed() async -> [String] {
        let pods = await cluster.twin.store.list(.pods, namespace: recorded.namespace)
        var result: Set<String> = []
        for pod in pods where pod.annotation(PodWorker.behaviourAnnotation) == nil {
            let statuses = (pod["status"]?["initContainerStatuses"]?.array ?? []) + (pod["status"]?["containerStatuses"]?.array ?? [])
            for container in (pod["spec"]?["initContainers"]?.array ?? []) + (pod["spec"]?["containers"]?.array ?? []) {
                guard let status = statuses.first(where: { $0["name"] == container["name"] }), Self.hasRun(status),
                    !images.describes(container)
                else { continue }
                let words = [container["image"]?.string ?? ""] + ["command", "args"].compactMap { container[$0]?.text() }
                result.insert(words.joined(separator: " "))
            }
        }
        return result.sorted()
    }

    private static func hasRun(_ status: JSON) -> Bool {
        [status["state"], status["lastState"]].contains { state in
            if state?["running"] != nil { return true }
            guard let end = state?["terminated"] else { return false }
            return end["reason"]?.string != "StartError"
        }
    }
}
