import ArgumentParser
import Core
import Foundation
import Twin

struct ScenarioCases: TwinEvaluation {
    @Option(help: ArgumentHelp("Captured cases, each a folder with manifest.yaml, made again in the twin.", valueName: "folder"))
    var scenarios: String?
    @Option(help: ArgumentHelp("What programs do (YAML), for cases with no images.yaml in or beside their folder.", valueName: "file"))
    var images: String?

    var chosen: String? { scenarios.map { "scenarios " + $0 } }

    func run(_ report: (EvaluationCase) -> Void) async throws {
        guard let path = scenarios else { return }
        let catalogue = try images.map { try TwinStartCommand.catalogue($0) } ?? BehaviourCatalogue()
        for folder in try ScenarioFolder.cases(in: URL(fileURLWithPath: path)) {
            report(await ScenarioFolder.evaluate(folder, images: catalogue))
        }
    }
}
