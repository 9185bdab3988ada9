import Core
import Diagnosis
import Kubernetes
import KubernetesDiagnosis
import Twin

/// One fault, injected into a cluster in which an application works, among things that happen anyway, and what diagnosis makes of it.
struct FaultTrial {
    let fault: Fault
    let seed: UInt64

    struct Result {
        let truth: Scenario.Truth
        let report: DiagnosisReport
        /// The same without what the rules know of the fault.
        let blind: DiagnosisReport
        /// Seconds of the processor that the last diagnosis took.
        let cost: Double

        var first: Cause? { report.causes.first }
        /// The first answer names the truth, or what the categories' own rules hold for as right.
        var isRight: Bool { first.map { isTruth($0.category, $0.resource) } ?? false }
        /// Among the first three, alternatives of the first included.
        var isAmongThree: Bool {
            let answers = report.causes.map { ($0.category, $0.resource) } + (first?.alternatives.map { ($0.category, $0.resource) } ?? [])
            return answers.prefix(3).contains { isTruth($0.0, $0.1) }
        }
        /// Without the rules of its category nothing else is blamed with confidence.
        var isHonestWhenBlind: Bool { !(blind.causes.first.map { !$0.isUndecided && $0.confidence >= 0.5 } ?? false) }
        /// Incidents that have nothing to do with the fault.
        var strangers: [Cause] { report.causes.filter { !isTruth($0.category, $0.resource) } }

        private func isTruth(_ category: String, _ resource: EntityPath) -> Bool {
            resource.resource == truth.resource && FaultTrial.accepted(truth.category).contains(category)
        }
    }

    /// Which slugs are right for a fault: the categories' own rules leave some open.
    static func accepted(_ slug: String) -> Set<String> {
        switch slug {
        // Only the silence of the kubelet is seen.
        case "node-not-ready", "node-kubelet-down": ["node-not-ready", "node-kubelet-down"]
        // The runtime says "not found" for both, and nothing tells which.
        case "image-not-found", "image-tag-not-found": ["image-not-found", "image-tag-not-found"]
        default: [slug]
        }
    }

    /// - Parameter keep: hears of the snapshot that is diagnosed.
    func run(keep: (KubernetesSnapshot) throws -> Void = { _ in }) async throws -> Result {
        var generator = SeededGenerator(seed: StableSeed.of(fault.slug) &+ seed)
        let application = TrialApplication(&generator)
        let nodes = 3 + Int(generator.next() % 3)
        let cluster = SimulatedCluster(
            TwinOptions(seed: generator.next(), nodes: nodes, nodeCPU: "8", nodeMemory: "16Gi"), images: BehaviourCatalogue())
        var scenario = Scenario(name: "trial")
        scenario.nodes = nodes
        scenario.namespace = application.namespace
        scenario.objects = BuiltInApplication.shop.objects + (try application.objects())
        try await cluster.play(scenario)
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        let client = KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock, limits: limits)
        var recorder = MetricRecorder()
        try await watch(cluster, for: .seconds(300), &recorder)
        try await TrialNoise(cluster: cluster, client: client).happen(&generator)
        try await watch(cluster, for: .seconds(420), &recorder)
        let plan = TrialPlan(fault.slug, application, nodes: nodes, &generator)
        let injected = try await cluster.inject(fault.slug, target: plan.target)
        try await watch(cluster, for: plan.wait, &recorder)
        var snapshot = try await SnapshotCollector(client: client, cluster: "trial", readsSecrets: true).collect()
        snapshot.metrics = recorder.table
        try keep(snapshot)
        let before = Cost.processorSeconds
        let report = diagnose(snapshot)
        let cost = Cost.processorSeconds - before
        return Result(
            truth: injected.truth, report: report, blind: diagnose(snapshot, leavingOut: injected.truth.category), cost: cost)
    }

    /// Lets time pass, and reads all metrics twice a minute as a Prometheus would.
    private func watch(_ cluster: SimulatedCluster, for time: Duration, _ recorder: inout MetricRecorder) async throws {
        let end = cluster.clock.now() + time
        while cluster.clock.now() < end {
            await cluster.advance(by: .seconds(30))
            let page = await cluster.handle(
                TwinRequest("GET", target: "/martlet/twin/v1/metrics", certificateUser: .administrator))
            recorder.add(page: page.bytes ?? [], at: cluster.clock.now())
        }
    }
}

/// A number that follows from a text alone, on every machine (FNV-1a, 64 bits).
enum StableSeed {
    static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
