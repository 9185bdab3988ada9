import ArgumentParser
import Core
import Foundation
import Twin

/// The share of captured cases that come out of the twin as they were captured, in every fact that is compared.
struct ScenariosAlikeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-scenarios-alike")

    @Option(help: .hidden) var scenarios = (Invocation.environment("MARTLET_SHARED") ?? "../shared") + "/k8s-golden"
    @Option(help: .hidden) var images = "Tests/TwinTests/Fixtures/golden-images.yaml"

    func run() async throws {
        guard FileManager.default.fileExists(atPath: scenarios) else {
            FileHandle.standardError.write(Data("not measured: twin-scenarios-alike, there are no captured cases in \(scenarios)\n".utf8))
            return
        }
        let catalogue = try TwinStartCommand.catalogue(images)
        var summary = EvaluationSummary()
        var facts = 0.0
        var different: [String] = []
        for folder in try ScenarioFolder.cases(in: URL(fileURLWithPath: scenarios)) {
            let result = await ScenarioFolder.evaluate(folder, images: catalogue)
            summary.add(result)
            if result.outcome.counts { facts += result.share ?? 0 }
            if result.outcome == .differs { different.append(result.name) }
        }
        Figure(
            name: "twin-scenarios-alike", value: summary.share, unit: "share of cases",
            more: [
                "cases": JSON(summary.counted), "alike": JSON(summary.count(.agrees)), "undescribed": JSON(summary.count(.undescribed)),
                "factsAlike": .number(Figure.round(facts / Double(max(1, summary.counted)))),
                "different": JSON(different),
            ]
        ).print()
    }
}
