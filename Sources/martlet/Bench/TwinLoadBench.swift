import ArgumentParser
import Core
import Kubernetes

/// A twin of 100 nodes at full speed, as a process: from the first Deployment applied until 2,000 pods are ready.
struct TwinLoadBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-load")

    @Option(help: .hidden) var nodes = 100
    @Option(help: .hidden) var pods = 2000

    func run() async throws {
        let folder = try BenchFolder()
        let twin = try BenchTwin(nodes: nodes, speed: "max", folder: folder)
        defer { twin.program.end() }
        let start = ContinuousClock.now, virtual = twin.client.clusterClock.now()
        try await twin.start(deployments: pods / 100, replicas: 100)
        let wall = ContinuousClock.now - start
        Figure(
            name: "twin-\(nodes)-nodes-\(pods)-pods", value: wall.secondCount, unit: "s", limit: 20,
            more: [
                "clusterSeconds": .number(Figure.round((twin.client.clusterClock.now() - virtual).secondCount)),
                "peakMemory": .number(Figure.round(twin.program.peakMemory)),
            ]
        ).print()
    }
}
