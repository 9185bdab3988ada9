import ArgumentParser
import Core
import Foundation
import Twin

/// The share of the cases of published tables (pod security, autoscaling) that come out of the twin as of the real thing.
struct ConformanceBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-conformance")

    @Option(help: .hidden) var tables = (Invocation.environment("MARTLET_SHARED") ?? "../shared") + "/conformance"

    func run() async throws {
        for table in ["pod-security-standards", "hpa-replica-calculator", "hpa-scaling-behavior"] {
            guard let bytes = FileManager.default.contents(atPath: "\(tables)/\(table).json"),
                let cases = ConformanceTables.evaluate(try JSON(parsing: Array(bytes)))
            else {
                FileHandle.standardError.write(Data("not measured: twin-conformance, there is no \(table).json in \(tables)\n".utf8))
                continue
            }
            var summary = EvaluationSummary()
            for result in cases { summary.add(result) }
            Figure(
                name: "twin-conformance-\(table)", value: summary.share, unit: "share of cases",
                more: [
                    "least": 1, "met": .bool(summary.share == 1), "cases": JSON(summary.counted), "agree": JSON(summary.count(.agrees)),
                ]
            ).print()
        }
    }
}
