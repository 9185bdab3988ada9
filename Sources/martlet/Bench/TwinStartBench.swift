import ArgumentParser
import Core
import Foundation

/// From the start of `martlet twin --nodes 5` to the first answer that kubectl gets of it.
struct TwinStartBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-start")

    func run() async throws {
        guard let kubectl = TwinStartBench.kubectl else {
            throw MartletError(.notFound, "there is no kubectl on the PATH", fix: "install kubernetes-client")
        }
        var walls: [Double] = []
        for _ in 0..<10 {
            let folder = try BenchFolder()
            let start = ContinuousClock.now
            let twin = try BenchTwin(nodes: 5, speed: "1", folder: folder)
            let answer = try RunningProgram(
                kubectl, ["get", "nodes", "-o", "name"], environment: ["KUBECONFIG": twin.kubeconfig, "HOME": folder.path])
            _ = try answer.line(beginning: "node/")
            walls.append((ContinuousClock.now - start).secondCount * 1000)
            answer.end()
            twin.program.end()
        }
        walls.sort()
        Figure(
            name: "twin-start", value: walls[walls.count / 2], unit: "ms", limit: 500,
            more: ["worst": .number(Figure.round(walls[walls.count - 1])), "runs": JSON(walls.count), "client": "kubectl get nodes"]
        ).print()
    }

    private static var kubectl: URL? {
        (Invocation.environment("PATH") ?? "").split(separator: ":").map { URL(fileURLWithPath: "\($0)/kubectl") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
