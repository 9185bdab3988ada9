import Core
import Kubernetes
import Synchronization
import Testing

@testable import Twin

/// A timeline happens as the clock passes, and in the same way each time.
@Suite(.serialized) struct ScenarioPlayTests {
    private static func played(_ scenario: Scenario, seed: UInt64 = 1, for time: Duration, by step: Duration) async throws
        -> SimulatedCluster
    {
        let twin = SimulatedCluster(TwinOptions(seed: seed, nodes: scenario.nodes), images: BehaviourCatalogue())
        try await twin.play(scenario)
        let end = twin.clock.now() + time
        while twin.clock.now() < end { await twin.advance(to: min(end, twin.clock.now() + step)) }
        return twin
    }

    /// All that a client can see of the events, logs and metrics of a run.
    private static func output(_ twin: SimulatedCluster) async throws -> [(name: String, bytes: [UInt8])] {
        var out: [(name: String, bytes: [UInt8])] = []
        func get(_ target: String) async { out.append((target, await twin.handle(TwinRequest("GET", target: target)).bytes ?? [])) }
        await get("/api/v1/events")
        await get("/apis/metrics.k8s.io/v1beta1/pods")
        await get("/apis/metrics.k8s.io/v1beta1/nodes")
        await get("/martlet/twin/v1/metrics")
        for pod in await twin.store.list(.pods, namespace: nil) {
            let path = "/api/v1/namespaces/\(pod.metadataNamespace)/pods/\(pod.metadataName)"
            await get(path + "/log?timestamps=true")
            await get(path + "/log?timestamps=true&previous=true")
            await get(path + "/proxy/metrics")
        }
        return out
    }

    /// Events, logs and metrics of two runs are the same bytes, in however many steps the time passes; another seed gives others.
    @Test(arguments: ["container-crash", "network-latency"])
    func twoRunsAreTheSameByteForByte(_ name: String) async throws {
        let scenario = try await Scenario.load(name)
        let first = try await Self.output(try await Self.played(scenario, for: .seconds(120), by: .seconds(120)))
        let second = try await Self.output(try await Self.played(scenario, for: .seconds(120), by: .milliseconds(1700)))
        #expect(first.map(\.name) == second.map(\.name))
        for (a, b) in zip(first, second) { #expect(a.bytes == b.bytes, "\(a.name)") }
        #expect(first.count > 60)
        #expect(first.allSatisfy { !$0.bytes.isEmpty || $0.name.contains("/log") })
        let other = try await Self.output(try await Self.played(scenario, seed: 2, for: .seconds(20), by: .seconds(20)))
        #expect(first[0].bytes != other[0].bytes)
    }

    @Test func stepsHappenAtTheirTimesAndFaultsEnd() async throws {
        let text = """
            version: 1
            about: a load and a fault, and a step that fails
            manifests:
            - {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}
            load: {web: 20}
            steps:
            - {at: 1m, say: more people come, load: 500, target: Service/web, for: 1m}
            - {at: 90s, inject: node-not-ready, target: Node/worker-2, for: 1m}
            - {at: 2m, patch: {spec: {type: NodePort}}, target: Service/web}
            - {at: 3m, say: the end}
            """
        let scenario = try await Scenario.read(text, name: "mine", file: "mine.yaml")
        let twin = SimulatedCluster(TwinOptions(), images: BehaviourCatalogue())
        let start = twin.clock.now()
        let notes = Mutex<[(Duration, String, Bool)]>([])
        try await twin.play(scenario) { note in notes.withLock { $0.append((note.time - start, note.text, note.failure == nil)) } }
        func load() async -> String? {
            await twin.store.get(ObjectKey(type: .services, namespace: "default", name: "web"))?.annotation(LoadShape.annotation)
        }
        let before = await load()
        await twin.advance(by: .seconds(100))
        #expect(await load() == "500")
        #expect(before == "20")
        #expect(await twin.faults.map(\.truth.category) == ["traffic-surge", "node-not-ready"])
        // Somebody takes away what is to be put back, and what a step is to change.
        _ = await twin.handle(TwinRequest("DELETE", target: "/api/v1/namespaces/default/services/web"))
        await twin.advance(by: .seconds(200))
        #expect(await load() == nil)
        #expect(await twin.isPlayOver)
        let told = notes.withLock { $0 }
        #expect(told.map(\.0) == [60, 90, 120, 120, 150, 180].map { .seconds($0) })
        #expect(
            told.map(\.1) == [
                "more people come", "node-not-ready of Node/worker-2", "traffic-surge of Service/web is over",
                "patch Service/web", "node-not-ready of Node/worker-2 is over", "the end",
            ])
        #expect(told.map(\.2) == [true, true, true, false, true, true])
        // What the scenario did is not among the writes of clients.
        #expect(await twin.requestLog.map(\.method) == ["DELETE"])
    }

    @Test func severalFaultsAreToldAsACaseTellsThem() async throws {
        let scenario = try await Scenario.load("bad-release")
        #expect(scenario.truth["category"] == "rollout-stuck")
        #expect(scenario.truth["resource"] == "Deployment/checkout")
        var two = scenario
        two.steps += try await Scenario.load("node-loss").steps
        #expect(two.truth["category"] == "multiple")
        #expect(two.truth["faults"]?[1]?["resource"] == "Node/worker-2")
    }
}
