import ArgumentParser
import Core
import Foundation

/// The demo of each seed as a process, as `make demo AUTO=1 ONCE=1 SEED=n` runs it once it is built: each must repair its incident and
/// leave a journal that verifies.
struct DemoBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "demo")

    @Option(help: .hidden) var seeds = 20

    func run() async throws {
        var right = 0, longest = 0.0, faults: Set<String> = [], wrong: [Int] = []
        for seed in 1...seeds {
            let folder = try BenchFolder()
            let start = ContinuousClock.now
            let outcome = try ChildProcess.run(
                ["demo", "--once", "--auto", "--seed", "\(seed)"], environment: ["MARTLET_HOME": folder.path])
            longest = max(longest, (ContinuousClock.now - start).secondCount)
            let verified = try ChildProcess.run(["journal", "verify", "--home", folder.path + "/demo"])
            if outcome.status == 0, outcome.output.contains("outcome: repaired"), verified.status == 0 {
                right += 1
            } else {
                wrong.append(seed)
            }
            faults.insert(DemoScenario(seed: UInt64(seed)).fault.category)
        }
        Figure(
            name: "demo-longest", value: longest, unit: "s", limit: 45,
            more: [
                "seeds": JSON(seeds), "right": JSON(right), "wrong": .array(wrong.map { JSON($0) }),
                "faults": .array(faults.sorted().map { .string($0) }),
            ]
        ).print()
        guard wrong.isEmpty else {
            throw MartletError(.internalError, "the demo does not end right with \(wrong.count) of \(seeds) seeds: \(wrong)")
        }
    }
}
