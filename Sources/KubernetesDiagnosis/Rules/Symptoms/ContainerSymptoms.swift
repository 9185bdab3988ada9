import Core
import Diagnosis
import Kubernetes

/// Containers that do not start, end, or do not become ready: what has to be explained, whatever the reason.
struct ContainerSymptoms: Rule {
    let name = "container-failing"
    let categories: [String] = []

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
                        missing: container.logMissing.map { [$0] } ?? [], isReportable: isReportable))
            }
        }
    }
}
