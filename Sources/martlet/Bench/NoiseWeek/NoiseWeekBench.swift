import ArgumentParser
import Core

/// One week of a healthy shop: releases, drains, lost nodes, restarts, blips, swings. Nothing of it is an incident.
struct NoiseWeekBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "noise-week")

    @Option(help: .hidden) var seed: UInt64 = 1
    @Option(help: .hidden) var days = 7.0

    func run() async throws {
        let folder = try BenchFolder()
        let start = ContinuousClock.now, used = Cost.processorSeconds
        var trial = try await NoiseTrial(days: days, seed: seed, home: folder.path)
        let result = try await trial.run()
        for opened in result.opened { Terminal.printLine(Self.line(opened).text()) }
        var more: JSONObject = ["met": .bool(result.opened.isEmpty), "days": .number(days), "seed": JSON(Int(seed))]
        for kind in result.counts.keys.sorted() { more[kind] = JSON(result.counts[kind] ?? 0) }
        more["looks"] = JSON(result.looks)
        more["cpuTime"] = .number(Figure.round(Cost.processorSeconds - used))
        more["wall"] = .number(Figure.round((ContinuousClock.now - start).secondCount))
        Figure(name: "noise-week-incidents", value: Double(result.opened.count), unit: "incidents", more: more).print()
    }

    private static func line(_ opened: NoiseTrial.Result.Opened) -> JSON {
        let cause = opened.cause
        return [
            "opened": .string(opened.openedAt.description), "category": .string(cause.category),
            "resource": .string(cause.resource.resource), "severity": .string(cause.severity.rawValue), "title": .string(cause.title),
            "text": .string(cause.text), "findings": JSON(cause.findings.map { "\($0.rule) \($0.entity.resource) \($0.key ?? "")" }),
            "near": JSON(opened.near),
        ]
    }
}
