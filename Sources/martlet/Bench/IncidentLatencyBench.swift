import ArgumentParser
import AsyncHTTPClient
import Core
import Diagnosis
import Foundation
import Kubernetes
import KubernetesDiagnosis
import NIOCore
import Server
import Twin

/// On the demo's cluster and with its faults: from the moment at which the API shows what the rule opens on, until a client of the
/// server's event stream is told of the open incident with the right cause.
///
/// An observer looks at the cluster over and over and diagnoses what it sees. The moment counted is the beginning of its last look in
/// vain, so that the figure errs on the long side by one look.
struct IncidentLatencyBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "incident-latency")

    @Option(help: .hidden) var openings = 40
    @Option(help: .hidden) var speed = 12.0

    func run() async throws {
        var latencies: [Double] = [], longestLook = 0.0, faults: Set<String> = []
        for seed in 1...UInt64(openings) {
            let folder = try BenchFolder()
            let scenario = DemoScenario(seed: seed)
            let stage = DemoStage(story: scenario, home: folder.path, speed: speed, isAutomatic: false)
            guard let opening = try await stage.play({ try await Opening.watch($0, scenario) }) else { throw CancellationError() }
            latencies.append((opening.told - opening.visible).secondCount * 1000)
            longestLook = max(longestLook, opening.longestLook.secondCount * 1000)
            faults.insert(scenario.fault.category)
        }
        latencies.sort()
        func percentile(_ share: Double) -> Double { latencies[Int((Double(latencies.count) * share).rounded(.up)) - 1] }
        Figure(
            name: "incident-latency-p95", value: percentile(0.95), unit: "ms", limit: 1000,
            more: [
                "median": .number(Figure.round(percentile(0.5))), "worst": .number(Figure.round(percentile(1))),
                "openings": JSON(latencies.count), "longestLook": .number(Figure.round(longestLook)),
                "faults": .array(faults.sorted().map { .string($0) }),
            ]
        ).print()
    }
}

/// One bad release, seen by the observer and by the client of the event stream.
private struct Opening: Sendable {
    var visible: ContinuousClock.Instant
    var told: ContinuousClock.Instant
    var longestLook: Duration

    static func watch(_ scene: DemoScene, _ scenario: DemoScenario) async throws -> Opening {
        let token = try String(contentsOfFile: scene.home + "/token", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        let server = try ServerClient(address: scene.url, token: token, certificateAuthority: nil)
        try await scenario.bringUp(on: scene)
        let events = try await server.events(after: nil)
        async let told = told(events, of: scenario)
        try await scenario.makeRelease(on: scene)
        let (visible, longestLook) = try await visible(scene, scenario)
        let opening = Opening(visible: visible, told: try await told, longestLook: longestLook)
        await server.shutdown()
        return opening
    }

    private static func visible(_ scene: DemoScene, _ scenario: DemoScenario) async throws -> (ContinuousClock.Instant, Duration) {
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        // In the process: what the socket would answer, without its cost.
        let collector = SnapshotCollector(
            client: KubernetesClient(transport: InProcessTransport(scene.cluster), limits: limits), cluster: "demo")
        var vain = ContinuousClock.now, longest = Duration.zero
        for _ in 0..<20_000 {
            let start = ContinuousClock.now
            let report = diagnose(try await collector.collect(namespaces: [scenario.namespace]))
            longest = max(longest, ContinuousClock.now - start)
            if report.causes.contains(where: { isRight($0, scenario) }) { return (vain, longest) }
            vain = start
            try await SystemClock().sleep(for: .milliseconds(5))
        }
        throw MartletError(.timeout, "the fault \(scenario.fault) of seed \(scenario.seed) never showed")
    }

    private static func told(_ events: HTTPClientResponse, of scenario: DemoScenario) async throws -> ContinuousClock.Instant {
        var parser = EventStreamParser()
        for try await chunk in events.body {
            for event in parser.append(chunk.readableBytesView) {
                let cause = (try? JSON(parsing: event.data))?[at: "payload", "cause"].flatMap(Cause.init(json:))
                if let cause, isRight(cause, scenario) { return .now }
            }
        }
        throw MartletError(.unavailable, "the stream of events ended before the incident of seed \(scenario.seed) was open")
    }

    /// The new revision is stuck, and for the reason that the release gave it.
    private static func isRight(_ cause: Cause, _ scenario: DemoScenario) -> Bool {
        cause.resource.kind == "Deployment" && cause.resource.name == scenario.target.name
            && cause.resource.namespace == scenario.namespace
            && (cause.category == scenario.fault.category || cause.facts["reason"]?.string == scenario.fault.category)
    }
}
