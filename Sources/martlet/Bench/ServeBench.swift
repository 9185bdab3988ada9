import ArgumentParser
import Core
import Foundation

/// `martlet serve` in front of a twin with 500 running pods, each a process: from its start to its first answer, and what it holds in
/// memory once it has seen everything and has been quiet for a while.
struct ServeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve")

    @Option(help: .hidden) var pods = 500
    @Option(help: .hidden) var quietSeconds = 10

    func run() async throws {
        let folder = try BenchFolder()
        let twin = try BenchTwin(nodes: 30, speed: "max", folder: folder)
        defer { twin.program.end() }
        try await twin.start(deployments: pods / 20, replicas: 20)
        try await twin.set(speed: 1)
        var starts: [Double] = []
        var memory = 0.0, peak = 0.0
        for turn in 0..<5 {
            let home = folder.path + "/home-\(turn)"
            let serve = try RunningProgram(
                martlet: ["serve", "--listen", "127.0.0.1:0"],
                environment: ["MARTLET_HOME": home, "KUBECONFIG": twin.kubeconfig, "MARTLET_CONFIG": ""])
            defer { serve.end() }
            let address = try serve.line(beginning: "Martlet \(Version.number) listens on ")
            let client = try ServerClient(address: address, token: nil, certificateAuthority: nil)
            try await client.probe("/healthz")
            starts.append((ContinuousClock.now - serve.startedAt).secondCount * 1000)
            if turn == 4 {
                while (try? await client.probe("/readyz")) == nil { try await SystemClock().sleep(for: .milliseconds(50)) }
                try await SystemClock().sleep(for: .seconds(quietSeconds))
                (memory, peak) = (serve.residentMemory, serve.peakMemory)
            }
            await client.shutdown()
        }
        starts.sort()
        Figure(
            name: "serve-start", value: starts[starts.count / 2], unit: "ms", limit: 300,
            more: ["worst": .number(Figure.round(starts[starts.count - 1])), "pods": JSON(pods), "runs": JSON(starts.count)]
        ).print()
        Figure(
            name: "serve-idle-memory", value: memory, unit: "MB", limit: 80,
            more: ["peak": .number(Figure.round(peak)), "pods": JSON(pods), "quietSeconds": JSON(quietSeconds)]
        ).print()
    }
}
