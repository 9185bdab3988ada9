import Core
import Diagnosis
import Kubernetes

/// All containers of a pod are ready and the pod is not: it waits for a condition that somebody else must set.
struct ReadinessGateRule: Rule {
    let name = "readiness-gate"
    let categories = ["readiness-gate-unset"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "All containers are ready and the pod is not: a readiness gate is never set.",
            sees: ["pods"],
            evidence: ["ContainersReady is True, the condition of the gate is not", "the readiness gates of the pod"],
            contradictedBy: ["it is set within a minute and a half"],
            next: ["find the controller that sets the condition"],
            references: ["https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate"])
    }

    /// Who sets it is given this long.
    private static let patience: Duration = .seconds(90)

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for i in scene.suspects {
            let workload = scene.workloads[i]
            let waiting = workload.pods.compactMap { p in Self.gate(scene.snapshot.pods[p]).map { (p, $0) } }
            guard let (p, gate) = waiting.first else { continue }
            let pod = scene.snapshot.pods[p]
            let ready = pod.status.conditions.first { $0.type == "ContainersReady" }?.lastTransitionTime ?? pod.metadata.creationTimestamp
            guard let ready, scene.now - ready > Self.patience else { continue }
            let serving = workload.pods.count { scene.health[$0].isReady }
            let severity: Severity = serving == 0 ? .critical : .high
            let condition = pod.status.conditions.first { $0.type == gate }
            let state = condition.map { "\($0.status)\($0.reason.map { ": \($0)" } ?? "")" } ?? "not set"
            draft.symptoms.append(
                Symptom(
                    "pods-not-ready", workload.path, effect: "\(waiting.count) pods run and wait for a readiness gate", severity: severity,
                    since: ready))
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "readiness-gate-unset", resource: workload.path, key: gate, depth: .specific, severity: severity,
                    complaint: "does not become ready", fact: "readiness gate \(gate) is \(state)",
                    text:
                        "all containers of \(waiting.count) pods of \(workload.name) are ready and the pods are not: readiness gate \(gate) is \(state)",
                    since: ready,
                    support: [
                        Support(
                            .decisive,
                            Evidence(
                                .status, source: scene.podName(p), text: "ContainersReady is True, condition \(gate) is \(state)",
                                time: ready)),
                        scene.spec(workload.path, .strong, "readinessGates: \(gate)"),
                    ], next: ["find out which controller sets \(gate), and whether it runs"]))
        }
    }

    /// The first gate that keeps a pod, all of whose containers are ready, from being ready.
    private static func gate(_ pod: Pod) -> String? {
        guard !pod.spec.readinessGates.isEmpty, !pod.isEnding, !pod.isReady,
            pod.status.conditions.contains(where: { $0.type == "ContainersReady" && $0.status == "True" })
        else { return nil }
        return pod.spec.readinessGates.map(\.conditionType).first { gate in
            !pod.status.conditions.contains { $0.type == gate && $0.status == "True" }
        }
    }
}
