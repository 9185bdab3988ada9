import Core
import Diagnosis
import Kubernetes

/// Containers that do not start, end, or do not become ready: what has to be explained, whatever the reason.
struct ContainerSymptoms: Rule {
    let name = "container-failing"
    let categories: [String] = []

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "Nothing: a container that does not start, ends again and again, or stays unready has to be explained by other rules, and is undecided where none does.",
            sees: ["pods"],
            evidence: ["the state and last state of the container"],
            contradictedBy: ["a run that has lasted, or a pod that is ready"],
            next: ["kubectl describe pod NAME"],
            references: ["https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        for trouble in examination.troubles {
            for container in trouble.containers {
                var isReportable = true
                let effect: String
                switch container.form {
                case .waiting(let reason, _): effect = "container \(container.name) does not start (\(reason))"
                case .ending:
                    let code = container.end.map { " (exit code \($0.exitCode))" } ?? ""
                    effect = "container \(container.name) ends again and again\(code)"
                case .notReady:
                    effect = "container \(container.name) runs and is not ready"
                    // It may still be starting: only what lasts longer than any start is worth a word without a reason.
                    isReportable = (examination.now - container.since) > .seconds(600)
                }
                if trouble.workload.kind == "Job" || trouble.workload.kind == "CronJob", case .ending = container.form {
                    isReportable = false
                }
                draft.symptoms.append(
                    Symptom(
                        name, trouble.workload.path.container(container.name), effect: effect, severity: trouble.severity,
                        since: container.since, evidence: [examination.scene.statusEvidence(container, .strong).evidence],
                        missing: container.logMissing.map { [$0] } ?? [],
                        followsFrom: trouble.neighbour(neededBy: container).map { [trouble.workload.path.container($0.name)] } ?? [],
                        isReportable: isReportable))
            }
        }
    }
}
