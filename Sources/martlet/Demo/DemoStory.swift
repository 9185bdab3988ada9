import Core
import Kubernetes
import KubernetesDiagnosis
import Twin

/// What a demo shows: an application on a simulated cluster, and something that goes wrong with it.
protocol DemoStory: Sendable {
    var seed: UInt64 { get }
    var nodes: Int { get }
    /// How its images are played, as an image file says it.
    var images: JSON { get }
    /// What is to be in the cluster before Martlet looks at it.
    func prepare(_ cluster: SimulatedCluster) async throws
    /// Starts what is not there yet and breaks it, now or as time passes; `say` is told what happens.
    func begin(on scene: DemoScene, say: @escaping @Sendable (String) -> Void) async throws
    /// The outcomes of an incident that are a good end.
    var goodOutcomes: Set<String> { get }
    /// What is to be said when no incident was opened; nil: it should have been.
    var silence: String? { get }
}

extension DemoScenario {
    var nodes: Int { 3 }
    var goodOutcomes: Set<String> { ["repaired"] }
    var silence: String? { nil }

    func prepare(_ cluster: SimulatedCluster) {}

    func begin(on scene: DemoScene, say: @escaping @Sendable (String) -> Void) async throws {
        say("\(components.count) services of \(namespace) are started on a simulated cluster")
        try await bringUp(on: scene)
        say("all are ready; nothing is wrong")
        try await scene.client.clusterClock.sleep(for: .seconds(20))
        say("a release of \(target.name) \(fault.summary(target))")
        try await makeRelease(on: scene)
    }

    /// Starts the application and returns once all of it is ready.
    func bringUp(on scene: DemoScene) async throws {
        for object in manifests { try await scene.create(object) }
        guard try await scene.isReady(namespace, count: components.count) else {
            throw MartletError(.timeout, "the services of \(namespace) did not become ready within five minutes of the cluster's time")
        }
    }

    /// Makes the bad release.
    func makeRelease(on scene: DemoScene) async throws { try await scene.create(release) }
}

/// A scenario of the twin, told as a demo.
struct DemoPlay: DemoStory {
    let scenario: Scenario
    let seed: UInt64
    let output: OutputOptions
    var nodes: Int { scenario.nodes }
    var images: JSON { [:] }
    /// What Martlet cannot repair, the scenario itself takes back.
    var goodOutcomes: Set<String> { ["repaired", "self", "merged"] }

    /// Faults that no rule names show in the cluster's metrics and logs only.
    var silence: String? {
        let unseen = scenario.truths.map(\.category).filter { !reportedCategories.contains($0) }
        return unseen.isEmpty ? nil : "no incident was opened: no rule names \(unseen.joined(separator: ", ")) yet"
    }

    /// An application that starts under load fails at first, which is not what the story is about.
    func prepare(_ cluster: SimulatedCluster) async throws {
        let output = output
        try await cluster.play(scenario) { note in output.printElement(note.json) { _ in [note.line] } }
        let first = scenario.steps.first?.at ?? .zero
        await cluster.advance(by: max(.zero, first - .seconds(15)))
    }

    func begin(on scene: DemoScene, say: @escaping @Sendable (String) -> Void) async throws {
        say(scenario.about)
        say("the application runs; nothing is wrong yet")
    }
}
