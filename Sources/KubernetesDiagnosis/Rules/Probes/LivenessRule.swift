import Core
import Diagnosis
import Kubernetes

/// The kubelet kills a container because its liveness probe fails: too early for a slow starter, or rightly.
struct LivenessRule: ContainerRule {
    let name = "liveness-probe"
    let categories = ["liveness-probe-failing", "liveness-probe-too-early"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The kubelet kills a container because its liveness probe fails: too early for a slow start, or rightly.",
            sees: ["pods", "events", "logs"],
            evidence: ["Unhealthy and Killing events, restarts; the time a start takes against the delay"],
            contradictedBy: ["no restart since the probe last failed"],
            next: ["add a startup probe or a longer delay", "look at what the probe asks for"],
            references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard let probe = container.spec.livenessProbe, container.form == .ending || container.form == .notReady,
            let kill = scene.kill(of: container, by: "liveness probe", .decisive)
        else { return nil }
        let failure = scene.eventEvidence(container.pods, .decisive) { $0.reason == "Unhealthy" && $0.message.hasPrefix("Liveness probe") }
        let message = failure?.evidence.text ?? ""
        if ProbeText.isOfAnotherProtocol(message, probe, container, scene) { return nil }
        var support = [kill, scene.statusEvidence(container, .supporting)]
        if let failure { support.append(failure) }
        let period = "after \(probe.initialDelaySeconds) s, every \(probe.periodSeconds) s, \(probe.failureThreshold) times"
        support.append(scene.spec(trouble.workload.path, .supporting, "liveness probe \(ProbeText.target(probe)) \(period)"))
        let answered = message.contains("statuscode") || message.contains("status code") || message.contains("HTTP probe failed")
        let listening = ListeningPorts.of(container, scene)
        let port = ProbeText.port(probe, container.spec)
        let isWrongPort = port.map { p in !listening.isEmpty && !listening.contains(p) } ?? false
        let refused =
            message.contains("connection refused") || message.contains("deadline exceeded") || message.contains("i/o timeout")
            || message.contains("no route")
        let allowed = probe.initialDelaySeconds + probe.periodSeconds * probe.failureThreshold
        // One that ran for far longer than it may take to start was well until it was not.
        let ran = container.end.flatMap { end in end.startedAt.flatMap { start in end.finishedAt.map { $0 - start } } }
        let hadStarted = ran.map { $0 > .seconds(2 * allowed + 60) } ?? false
        // It never came to listen, and it was killed as soon as the probe allowed: it needs longer to start than it is given.
        if refused, !answered, !isWrongPort, !hadStarted, listening.isEmpty, container.spec.startupProbe == nil {
            let slow = SlowStart.line(container, scene)
            if let slow { support.append(Support(.strong, Evidence(.log, source: container.logName, text: slow))) }
            return blame(
                trouble, container, "liveness-probe-too-early", .specific, complaint: "is killed while it starts",
                fact: "the liveness probe allows it \(allowed) s",
                text:
                    "the liveness probe kills container \(container.name) about \(allowed) seconds after each start, before it serves; a startup probe is missing",
                support: support, facts: ["probe": "liveness", "allowedSeconds": JSON(allowed)],
                next: ["add a startupProbe, or raise initialDelaySeconds of the liveness probe"])
        }
        let why =
            isWrongPort
            ? "it asks port \(port ?? 0), the program listens on \(listening.sorted().map(String.init).joined(separator: ", "))"
            : ProbeText.reason(message)
        return blame(
            trouble, container, "liveness-probe-failing", .specific, complaint: "is restarted by its liveness probe", fact: why,
            text: "the liveness probe of container \(container.name) fails (\(why)), so the kubelet restarts it again and again",
            support: support, facts: ["probe": "liveness"])
    }
}
