import ArgumentParser
import Core
import Diagnosis
import KubernetesDiagnosis
import Twin

/// Injects every fault into a simulated cluster, some times over, and counts what diagnosis makes of it.
struct FaultTrialsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "faults")

    @Option(help: .hidden) var seeds = 3
    @Option(help: .hidden) var fault: [String] = []
    /// One line a trial before the figures.
    @Flag(help: .hidden) var trials = false

    func run() async throws {
        let chosen = FaultRegistry.all.filter { fault.isEmpty || fault.contains($0.slug) }
        var tally = TrialTally()
        for fault in chosen {
            for seed in 1...UInt64(max(1, seeds)) {
                // A trial that cannot be made is one that failed; the others go on.
                do {
                    let result = try await FaultTrial(fault: fault, seed: seed).run()
                    tally.add(fault.slug, result)
                    if trials { Terminal.printLine(Self.line(fault.slug, seed, result).text()) }
                } catch {
                    tally.addFailure(of: fault.slug)
                    let line: JSON = [
                        "fault": .string(fault.slug), "seed": JSON(Int(seed)), "right": false, "error": .string("\(error)"),
                    ]
                    if trials { Terminal.printLine(line.text()) }
                }
            }
        }
        for figure in tally.figures() { figure.print() }
    }

    private static func line(_ slug: String, _ seed: UInt64, _ result: TrialResult) -> JSON {
        func told(_ cause: Cause) -> JSON {
            [
                "category": .string(cause.category), "resource": .string(cause.resource.resource),
                "confidence": .number((cause.confidence * 100).rounded() / 100), "text": .string(cause.text),
            ]
        }
        return [
            "fault": .string(slug), "seed": JSON(Int(seed)), "right": .bool(result.isRight), "truth": .string(result.truth.resource),
            "ms": .number(Figure.round(result.cost * 1000)), "honestWhenBlind": .bool(result.isHonestWhenBlind),
            "incidents": .array(result.report.causes.prefix(5).map(told)), "blind": .array(result.blind.causes.prefix(5).map(told)),
        ]
    }
}
