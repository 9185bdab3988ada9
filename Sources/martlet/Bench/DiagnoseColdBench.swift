import ArgumentParser
import Core
import Foundation

/// From the start of a process to the end of its output: `martlet diagnose --snapshot` of one small folder.
struct DiagnoseColdBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "diagnose-cold")

    @Option(help: .hidden)
    var snapshot: String?

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-bench-\(getpid())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = try snapshot ?? GeneratedFolder.write(GeneratedCluster(pods: 60, faults: 3), to: folder)
        var outcome = try ChildProcess.run(["diagnose", "--snapshot", path, "-o", "json"])
        let cost = try Cost.least(of: 10) { outcome = try ChildProcess.run(["diagnose", "--snapshot", path, "-o", "json"]) }
        guard outcome.status == 3, let report = try? JSON(parsing: outcome.output), let incidents = report["incidents"]?.array else {
            throw MartletError(.internalError, "the measured process failed with status \(outcome.status)", details: [outcome.error])
        }
        Figure(
            name: "diagnose-cold", value: cost.wall * 1000, unit: "ms", limit: 100,
            more: ["incidents": JSON(incidents.count), "folder": .string(snapshot == nil ? "60 pods, 3 faults" : "given")]
        ).print()
    }
}
