import Core
import Diagnosis
import Kubernetes

/// A program that ends well is run by a controller that starts it again for ever.
struct CompletionRule: ContainerRule {
    let name = "completes"
    let categories = ["completes-in-deployment"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A program that ends well is run by a controller that starts it again for ever.",
            sees: ["pods"],
            evidence: ["exit code 0, reason Completed, restarts that grow"],
            contradictedBy: ["a liveness probe that kills it: it then may end with 0"],
            next: ["run it as a Job or CronJob"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/job/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .ending = container.form, let end = container.end, end.exitCode == 0, container.restarts >= 1, !container.isInit,
            ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].contains(trouble.workload.kind)
        else { return nil }
        // A program that handles SIGTERM ends with 0 also when the kubelet has it killed, for a probe or a hook.
        let killed =
            scene.kill(of: container, by: "", .decisive)
            ?? scene.eventEvidence(container.pods, .decisive) { $0.reason == "FailedPostStartHook" }
        var support = [scene.statusEvidence(container, .strong)]
        if let event = scene.eventEvidence(container.pods, .strong, where: { $0.reason == "BackOff" }) { support.append(event) }
        if let last = container.lastLine, container.clues.isEmpty {
            support.append(Support(.supporting, Evidence(.log, source: container.logName, text: String(last.prefix(300)))))
        }
        return blame(
            trouble, container, "completes-in-deployment", .general, complaint: "restarts for ever",
            fact: "its program ends with exit code 0",
            text:
                "container \(container.name) ends with exit code 0 and is started again by the \(trouble.workload.kind); a program that ends should be a Job",
            support: support, against: killed.map { [$0] } ?? [])
    }
}
