import Core
import Diagnosis
import Kubernetes

/// Requests that are slow or fail although everything runs: felt by callers, wherever the cause is.
struct RequestSymptoms: Rule {
    let name = "requests-suffering"
    let categories: [String] = []

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Nothing: requests that are slow or fail have to be explained by other rules, and are undecided where none does.",
            sees: ["metrics", "environment variables that name Services: who calls whom"],
            evidence: ["latency and failed requests against before"],
            contradictedBy: ["whom it calls suffers as well: it is looked for there"],
            next: ["read traces of requests that are slow or fail"],
            references: ["https://sre.google/sre-book/monitoring-distributed-systems/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        guard let signals = examination.traffic?.signals else { return }
        let scene = examination.scene
        for w in signals.affected {
            guard let measured = signals.signals[w] else { continue }
            let path = scene.workloads[w].path
            let callees = signals.affectedCallees(of: w, scene).map { scene.workloads[$0].path }
            for callee in callees { draft.graph.add(path, .calls, callee) }
            // A Service can be wrong although all that it should lead to is well.
            let services = scene.calledServices(of: scene.workloads[w])
            let share = measured.errorShare?.now ?? 0
            // What has just started is slow until it is warm.
            let isStarting = scene.workloads[w].pods.contains { p in
                scene.snapshot.pods[p].metadata.creationTimestamp.map { scene.now - $0 < ReleaseQualityRule.start } ?? false
            }
            draft.symptoms.append(
                Symptom(
                    name, path, effect: TrafficWords.effect(measured), severity: share > 0.5 ? .critical : share > 0.05 ? .high : .medium,
                    since: signals.window.now.lowerBound, evidence: [TrafficWords.evidence(path, TrafficWords.effect(measured))],
                    missing: ["which part of it is slow: no traces and no measurements of its calls were read"],
                    followsFrom: callees + services, isReportable: measured.isFailing || !isStarting))
        }
    }
}
