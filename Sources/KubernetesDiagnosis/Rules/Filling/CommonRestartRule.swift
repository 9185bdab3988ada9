import Core
import Diagnosis
import Kubernetes

/// All processes of a workload ended at one moment, on more than one node, after they had worked: nothing of it served meanwhile.
struct CommonRestartRule: Rule {
    let name = "common-restart"
    let categories = ["thundering-restart"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "All processes of a workload ended at one moment and started again.",
            sees: ["pods"],
            evidence: ["the times at which they ended, on more than one node, after they had worked"],
            contradictedBy: ["it is longer than ten minutes ago; they go on failing"],
            next: ["find out what reached all of them at that moment"],
            references: [])
    }

    /// What is longer ago is over.
    private static let memory: Duration = .seconds(600)

    /// How close together the ends of so many pods are no chance: two pods also end within half a minute by themselves now and then.
    private static func moment(_ pods: Int) -> Duration { pods > 2 ? .seconds(30) : .seconds(5) }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for w in scene.workloads.indices where scene.workloads[w].pods.count >= 2 {
            // Most pods never ended: one look at the first tells that of nearly all.
            guard
                scene.snapshot.pods[scene.workloads[w].pods[0]].status.containerStatuses.contains(where: { $0.lastState.terminated != nil })
            else {
                continue
            }
            let workload = scene.workloads[w]
            if workload.kind == "Job" || workload.kind == "CronJob" { continue }
            var ends: [(end: Timestamp, pod: Int, what: ContainerTerminated)] = []
            for p in workload.pods {
                let last = scene.snapshot.pods[p].status.containerStatuses.compactMap { status -> ContainerTerminated? in
                    guard let end = status.lastState.terminated, status.state.running != nil, end.exitCode != 0, status.restartCount <= 2,
                        let start = end.startedAt, let finish = end.finishedAt, finish - start > .seconds(60)
                    else { return nil }
                    return end
                }.first
                if let last, let finish = last.finishedAt { ends.append((finish, p, last)) }
            }
            guard ends.count == workload.pods.count, let first = ends.map(\.end).min(), let latest = ends.map(\.end).max(),
                latest - first <= Self.moment(ends.count), scene.now - latest < Self.memory,
                Set(ends.map { scene.snapshot.pods[$0.pod].spec.nodeName ?? "" }).count > 1
            else { continue }
            let code = ends[0].what.exitCode
            let seconds = Int((latest - first).secondCount)
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "thundering-restart", resource: workload.path, depth: .specific, severity: .medium,
                    complaint: "restarted as one", fact: "\(ends.count) pods ended within \(seconds) s",
                    text:
                        "all \(ends.count) pods of \(workload.name) ended within \(seconds) seconds (exit code \(code)) and started again",
                    since: first,
                    support: [
                        Support(
                            .strong,
                            Evidence(
                                .status, source: scene.podName(ends[0].pod),
                                text: "exit code \(code) at \(first), like the \(ends.count - 1) others",
                                time: first)),
                        Support(
                            .strong,
                            Evidence(
                                .status, source: workload.path.resource,
                                text: "\(ends.count) pods on several nodes ended within \(seconds) s")),
                    ], next: ["find out what reached all of them at \(first): a poisonous message, a lost dependency, a script"]))
        }
    }
}
