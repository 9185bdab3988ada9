import ArgumentParser
import Core
import Foundation
import Kubernetes

/// Reads a generated 10 MB PodList into typed objects, in a process of its own, so that its peak memory is that of the reading.
struct PodListBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "pod-list")

    @Option(help: .hidden)
    var file: String?

    func run() async throws {
        if let file { return try measure(file) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("pods.json").path
        guard FileManager.default.createFile(atPath: path, contents: Data(GeneratedPods.list(bytes: 10_000_000))) else {
            throw MartletError(.io, "\(path) cannot be written")
        }
        let child = try ChildProcess.run(["bench", "pod-list", "--file", path])
        guard let answer = try? JSON(parsing: child.output), let wall = answer["wall"]?.double, let peak = answer["peak"]?.double else {
            throw MartletError(.internalError, "the measuring process failed", details: [child.error])
        }
        let pods = answer["pods"] ?? .null
        Figure(
            name: "pod-list-read", value: wall, unit: "ms", limit: 15, more: ["cpuTime": answer["cpu"] ?? .null, "pods": pods]
        ).print()
        Figure(name: "pod-list-peak-memory", value: peak, unit: "MB", limit: 45, more: ["idle": answer["idle"] ?? .null, "pods": pods])
            .print()
    }

    private func measure(_ path: String) throws {
        let idle = Cost.peakMemory
        guard let descriptor = Optional(open(path, O_RDONLY)), descriptor >= 0 else { throw MartletError(.io, "\(path) cannot be read") }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        lseek(descriptor, 0, SEEK_SET)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let read = Foundation.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
                if read <= 0 { break }
                count += read
            }
        }
        close(descriptor)
        // The list is let go of between two runs, not within one: what is measured is reading.
        var cost = Cost(), pods = 0
        for _ in 0..<7 {
            var list: ObjectList<Pod>?
            let run = try Cost.least(of: 1) { list = try ObjectList<Pod>(parsing: bytes) }
            pods = list?.items.count ?? 0
            cost.wall = min(cost.wall, run.wall)
            cost.processor = min(cost.processor, run.processor)
        }
        let answer: JSON = [
            "wall": .number(Figure.round(cost.wall * 1000)), "cpu": .number(Figure.round(cost.processor * 1000)),
            "peak": .number(Cost.peakMemory), "idle": .number(Figure.round(idle)), "pods": JSON(pods),
        ]
        Terminal.printLine(answer.text())
    }
}
