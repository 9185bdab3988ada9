import ArgumentParser
import Core
import Diagnosis
import Kubernetes
import KubernetesDiagnosis

/// A warm cache of 10,000 pods in which one pod changes: the next diagnosis, from the change to the report.
struct DiagnoseChangeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "diagnose-change")

    @Option(help: .hidden) var pods = 10_000
    @Option(help: .hidden) var faults: [Int] = [1, 100]

    func run() async throws {
        for faults in faults {
            var snapshot = try GeneratedCluster(pods: pods, faults: faults, podsPerDeployment: 20).snapshot()
            var diagnosis = StandingDiagnosis()
            var causes = diagnosis.diagnose(snapshot, hygiene: false).causes.count
            var pod = pods
            let cost = Cost.least(of: 30) {
                pod -= 1
                // As after a restart: another status of one healthy pod, a second later.
                snapshot.time = snapshot.time + .seconds(1)
                snapshot.pods[pod].status.containerStatuses[0].restartCount += 1
                causes = diagnosis.diagnose(snapshot, hygiene: false).causes.count
            }
            Figure(
                name: "diagnose-change-\(faults)-faults", value: cost.wall * 1000, unit: "ms", limit: 10,
                more: [
                    "cpuTime": .number(Figure.round(cost.processor * 1000)), "pods": JSON(pods), "faults": JSON(faults),
                    "causes": JSON(causes),
                ]
            ).print()
        }
    }
}
