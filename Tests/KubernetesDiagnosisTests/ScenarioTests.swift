import Core
import Diagnosis
import Kubernetes
import KubernetesDiagnosis
import Testing
import Twin

/// Each built-in scenario of the twin is diagnosed for what it is, while it lasts.
@Suite(.serialized) struct ScenarioTests {
    /// Faults that only metrics show, which no rule reads yet: nothing may be blamed for them either.
    private static let unseen: Set<String> = ["pod-network-delay", "pod-cpu-overload"]

    private static func play(_ name: String) async throws -> (SimulatedCluster, Scenario) {
        let scenario = try await Scenario.load(name)
        let twin = SimulatedCluster(TwinOptions(nodes: scenario.nodes), images: BehaviourCatalogue())
        try await twin.play(scenario)
        return (twin, scenario)
    }

    private static func causes(_ twin: SimulatedCluster) async throws -> [Cause] {
        let client = KubernetesClient(transport: InProcessTransport(twin), clock: twin.clock)
        return diagnose(try await SnapshotCollector(client: client, cluster: "twin").collect()).causes
    }

    /// Within three minutes the only cause is the truth.
    @Test(arguments: Scenario.builtInNames) func theCauseIsTheGroundTruth(_ name: String) async throws {
        let (twin, scenario) = try await Self.play(name)
        let truth = try #require(scenario.truths.first)
        await twin.advance(by: .seconds(40))
        #expect(try await Self.causes(twin).isEmpty, "before anything happens")
        await twin.advance(by: .seconds(60))
        var causes = try await Self.causes(twin)
        if Self.unseen.contains(truth.category) { return #expect(causes.isEmpty, "\(causes.map(\.text))") }
        for _ in 0..<6 where causes.first?.category != truth.category || causes.count != 1 {
            await twin.advance(by: .seconds(20))
            causes = try await Self.causes(twin)
        }
        #expect(causes.map(\.category) == [truth.category], "\(causes.map(\.text))")
        #expect(causes.map(\.resource.resource) == [truth.resource], "\(causes.map(\.text))")
    }
}
