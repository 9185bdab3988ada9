import Core
import Diagnosis
import Kubernetes
import KubernetesDiagnosis
import Twin

/// One fault, injected into a cluster in which an application works, among things that happen anyway, and what diagnosis makes of it.
struct FaultTrial {
    let fault: Fault
    let seed: UInt64
    /// How long it goes well at first; nearly half as long again after the noise.
    var calm: Duration = .seconds(300)

    func run() async throws -> TrialResult {
        var generator = SeededGenerator(seed: StableSeed.of(fault.slug) &+ seed)
        let application = TrialApplication(&generator)
        let nodes = 3 + Int(generator.next() % 3)
        let plan = TrialPlan(fault.slug, application, nodes: nodes, &generator)
        let cluster = SimulatedCluster(
            TwinOptions(seed: generator.next(), nodes: nodes, nodeCPU: "8", nodeMemory: "16Gi"), images: BehaviourCatalogue())
        var scenario = Scenario(name: "trial")
        scenario.nodes = nodes
        scenario.namespace = application.namespace
        scenario.objects = BuiltInApplication.shop.objects + (try application.objects(bound: plan.bound))
        try await cluster.play(scenario)
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        let client = KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock, limits: limits)
        var recorder = MetricRecorder()
        try await watch(cluster, for: calm, &recorder)
        let noise = TrialNoise(cluster: cluster, client: client)
        try await noise.happen(&generator)
        try await watch(cluster, for: calm * 1.4, &recorder)
        let injected = try await cluster.inject(fault.slug, target: plan.target)
        if let bound = plan.bound { try await noise.replacePod(of: bound.workload, in: application.namespace) }
        try await watch(cluster, for: plan.wait, &recorder)
        var snapshot = try await SnapshotCollector(client: client, cluster: "trial", readsSecrets: true).collect()
        snapshot.metrics = recorder.table
        let before = Cost.processorSeconds
        let report = diagnose(snapshot)
        let cost = Cost.processorSeconds - before
        return TrialResult(
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
