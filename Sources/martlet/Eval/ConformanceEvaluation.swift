import ArgumentParser
import Core
import Foundation
import Twin

struct ConformanceEvaluation: TwinEvaluation {
    @Option(help: ArgumentHelp("Table of inputs and what a real cluster makes of them.", valueName: "file"))
    var conformance: String?

    var chosen: String? { conformance.map { "conformance " + $0 } }

    func run(_ report: (EvaluationCase) -> Void) async throws {
        guard let path = conformance else { return }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw MartletError(.notFound, "the table \(path) cannot be read", fix: "check the path given with --conformance")
        }
        guard let cases = ConformanceTables.evaluate(try JSON(parsing: Array(bytes))) else {
            throw MartletError(
                .invalid, "\(path) is no conformance table that is known", fix: "give a table of pod security or of autoscaling cases")
        }
        for result in cases { report(result) }
    }
}
