import ArgumentParser
import Core
import Foundation
import Twin

/// The demo as a process, as `make demo AUTO=1 ONCE=1 SEED=n` and `SCENARIO=name` run it once it is built: each seed must repair its
/// incident, each scenario must end well, and each must leave a journal that verifies.
struct DemoBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "demo")

    @Option(help: .hidden) var seeds = 20

    func run() async throws {
        var faults: Set<String> = []
        for seed in 1...seeds { faults.insert(DemoScenario(seed: UInt64(seed)).fault.category) }
        let drawn = try Runs((1...seeds).map { "\($0)" }, option: "--seed", mustSay: "outcome: repaired")
        Figure(
            name: "demo-longest", value: drawn.longest, unit: "s", limit: 45,
            more: [
                "seeds": JSON(seeds), "right": JSON(seeds - drawn.wrong.count), "wrong": JSON(drawn.wrong),
                "faults": .array(faults.sorted().map { .string($0) }),
            ]
        ).print()
        // What nobody repairs takes as long as the scenario says, and the closing window on top: they are not held to a limit.
        let names = Scenario.builtInNames
        let told = try Runs(names, option: "--scenario", mustSay: "")
        Figure(
            name: "demo-scenarios-longest", value: told.longest, unit: "s",
            more: ["scenarios": JSON(names.count), "right": JSON(names.count - told.wrong.count), "wrong": JSON(told.wrong)]
        ).print()
        let wrong = drawn.wrong + told.wrong
        guard wrong.isEmpty else { throw MartletError(.internalError, "the demo does not end right with \(wrong)") }
    }

    private struct Runs {
        var longest = 0.0
        var wrong: [String] = []

        init(_ values: [String], option: String, mustSay: String) throws {
            for value in values {
                let folder = try BenchFolder()
                let start = ContinuousClock.now
                let outcome = try ChildProcess.run(
                    ["demo", "--once", "--auto", option, value], environment: ["MARTLET_HOME": folder.path])
                longest = max(longest, (ContinuousClock.now - start).secondCount)
                let verified = try ChildProcess.run(["journal", "verify", "--home", folder.path + "/demo"])
                let isRight = outcome.status == 0 && (mustSay.isEmpty || outcome.output.contains(mustSay)) && verified.status == 0
                if !isRight { wrong.append(value) }
            }
        }
    }
}
