import Core
import Diagnosis
import Kubernetes

/// The start-up probe never succeeds, so the kubelet kills the container before it ever counted as started.
struct StartupProbeRule: ContainerRule {
    let name = "startup-probe"
    let categories = ["startup-probe-failing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The startup probe never succeeds, so the kubelet kills the container before it counts as started.",
            sees: ["pods", "events"],
            evidence: ["Unhealthy events with \"Startup probe failed\"; it never was started"],
            contradictedBy: ["a run in which it was started"],
            next: ["compare the probe with where the program listens"],
            references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard let probe = container.spec.startupProbe, container.form == .ending || container.form == .notReady,
            let kill = scene.kill(of: container, by: "startup probe", .decisive)
        else { return nil }
        let failure = scene.eventEvidence(container.pods, .strong) { $0.reason == "Unhealthy" && $0.message.hasPrefix("Startup probe") }
        if let failure, ProbeText.isOfAnotherProtocol(failure.evidence.text, probe, container, scene) { return nil }
        let why = failure.map { ProbeText.reason($0.evidence.text) } ?? "it does not succeed"
        let allowed = probe.initialDelaySeconds + probe.periodSeconds * probe.failureThreshold
        var support = [kill, scene.statusEvidence(container, .supporting)]
        if let failure { support.append(failure) }
        support.append(scene.spec(trouble.workload.path, .strong, "startup probe \(ProbeText.target(probe)), \(allowed) s allowed"))
        return blame(
            trouble, container, "startup-probe-failing", .specific, complaint: "never counts as started",
            fact: "its startup probe fails (\(why))",
            text:
                "the startup probe of container \(container.name) (\(ProbeText.target(probe))) never succeeds within \(allowed) seconds: \(why)",
            support: support, facts: ["probe": "startup"])
    }
}
