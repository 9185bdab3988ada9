import ArgumentParser
import Core
import Diagnosis
import KubernetesDiagnosis

/// Diagnoses what a cache holds, in its order: 20 pods for each of the workloads, 100 of which are faulty.
struct DiagnoseWarmBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "diagnose-warm")

    @Option(help: .hidden) var pods: [Int] = [2000, 5000, 10_000, 20_000, 100_000]
    @Option(help: .hidden) var faults = 100

    func run() async throws {
        for pods in pods {
            let snapshot = try GeneratedCluster(pods: pods, faults: faults, podsPerDeployment: 20).snapshot()
            var causes = 0, undecided = 0
            let cost = Cost.least(of: 15) {
                let report = diagnose(snapshot, hygiene: false)
                causes = report.causes.count
                undecided = report.causes.count(where: \.isUndecided)
            }
            let limit: Double? = pods == 10_000 ? 150 : pods == 100_000 ? 2000 : nil
            Figure(
                name: "diagnose-warm-\(pods)-pods", value: cost.wall * 1000, unit: "ms", limit: limit,
                more: [
                    "cpuTime": .number(Figure.round(cost.processor * 1000)), "faults": JSON(faults), "causes": JSON(causes),
                    "undecided": JSON(undecided), "workloads": JSON(max(faults, pods / 20)),
                    "microsecondsPerPod": .number(Figure.round(cost.wall * 1e6 / Double(pods))),
                ]
            ).print()
        }
    }
}
