import ArgumentParser
import Core
import Diagnosis
import KubernetesDiagnosis

/// Diagnoses what a cache holds, in its order: 1,000 to 20,000 pods, 50 faults.
struct DiagnoseWarmBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "diagnose-warm")

    func run() async throws {
        for pods in [1000, 5000, 10_000, 20_000] {
            let snapshot = try GeneratedCluster(pods: pods, faults: 50).snapshot()
            var causes = 0, undecided = 0
            let cost = Cost.least(of: 15) {
                let report = diagnose(snapshot, hygiene: false)
                causes = report.causes.count
                undecided = report.causes.count(where: \.isUndecided)
            }
            Figure(
                name: "diagnose-warm-\(pods)-pods", value: cost.wall * 1000, unit: "ms", limit: pods == 10_000 ? 100 : nil,
                more: [
                    "cpuTime": .number(Figure.round(cost.processor * 1000)), "faults": 50, "causes": JSON(causes),
                    "undecided": JSON(undecided),
                    "microsecondsPerPod": .number(Figure.round(cost.wall * 1e6 / Double(pods))),
                ]
            ).print()
        }
    }
}
