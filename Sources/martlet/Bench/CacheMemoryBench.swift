import ArgumentParser
import Core
import Foundation
import Kubernetes

/// What 10,000 pods take in memory as the cache holds them: typed, read in pages of 500 as the client lists them.
struct CacheMemoryBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cache-memory")

    private static let pages = 20, pageSize = 500

    @Option(help: .hidden)
    var folder: String?

    func run() async throws {
        if let folder { return try measure(folder) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for page in 0..<CacheMemoryBench.pages {
            let bytes = GeneratedPods.page(from: page * CacheMemoryBench.pageSize, count: CacheMemoryBench.pageSize)
            try Data(bytes).write(to: folder.appendingPathComponent("\(page).json"))
        }
        let child = try ChildProcess.run(["bench", "cache-memory", "--folder", folder.path])
        guard let answer = try? JSON(parsing: child.output), let held = answer["held"]?.double, let pods = answer["pods"]?.int, pods > 0
        else {
            throw MartletError(.internalError, "the measuring process failed", details: [child.error])
        }
        Figure(
            name: "cache-memory-\(pods)-pods", value: held, unit: "MB", limit: 150,
            more: ["bytesPerPod": .number(Figure.round(held * 1e6 / Double(pods)))]
        ).print()
    }

    /// The growth of resident memory in a process that does nothing else; each page is dropped when it has been read.
    private func measure(_ folder: String) throws {
        var pods: [Pod] = []
        let before = Cost.residentMemory
        for page in 0..<CacheMemoryBench.pages {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(page).json") else {
                throw MartletError(.io, "\(folder)/\(page).json cannot be read")
            }
            pods += try ObjectList<Pod>(parsing: Array(data)).items
        }
        let answer: JSON = ["held": .number(Cost.residentMemory - before), "pods": JSON(pods.count)]
        Terminal.printLine(answer.text())
    }
}
