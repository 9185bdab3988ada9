import Core
import Diagnosis
import Kubernetes

/// The container runs and its readiness probe fails for longer than a start takes.
struct ReadinessRule: ContainerRule {
    let name = "readiness-probe"
    let categories = ["readiness-probe-failing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The container runs and its readiness probe fails for longer than a start takes.",
            sees: ["pods", "events", "logs"],
            evidence: ["Unhealthy events; the probe against the ports and the log"],
            contradictedBy: ["ready pods of the same revision"],
            next: ["compare the probe with where the program listens"],
            references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .notReady = container.form, let probe = container.spec.readinessProbe, trouble.neighbour(neededBy: container) == nil
        else { return nil }
        let pods = container.pods.filter { p in
            scene.snapshot.pods[p].status.containerStatuses.contains { $0.name == container.name && $0.state.running != nil && !$0.ready }
        }
        let window = Duration.seconds(max(60, 3 * probe.periodSeconds))
        guard
            let event = pods.lazy.compactMap({ p in
                scene.events(aboutPod: p).last { e in
                    e.reason == "Unhealthy" && e.message.hasPrefix("Readiness probe") && e.count >= probe.failureThreshold
                        && !ProbeText.isOfAnotherProtocol(e.message, probe, container, scene)
                        && (e.lastSeen.map { scene.now - $0 <= window + .seconds(300) } ?? true)
                }
            }).first
        else { return nil }
        let started =
            pods.compactMap { p in
                scene.snapshot.pods[p].status.containerStatuses.first { $0.name == container.name }?.state.running?.startedAt
            }.min() ?? scene.now
        let age = scene.now - started
        let allowance = Duration.seconds(probe.initialDelaySeconds + probe.periodSeconds * probe.failureThreshold)
        let listening = ListeningPorts.of(container, scene)
        let port = ProbeText.port(probe, container.spec)
        let declared = Set(container.spec.ports.map(\.containerPort))
        let isWrongPort =
            port.map { p in
                (!listening.isEmpty && !listening.contains(p))
                    || (!declared.isEmpty && !declared.contains(p)
                        && (event.message.contains("connection refused") || event.message.contains("failed to connect service")))
            } ?? false
        let isWrongPath = event.message.contains("statuscode: 404")
        let isDecided = isWrongPort || isWrongPath
        guard age >= (isDecided ? allowance : max(allowance * 3, .seconds(60))) else { return nil }
        var support = [Support(.decisive, scene.evidence(event)), scene.statusEvidence(container, .strong)]
        support.append(
            scene.spec(
                trouble.workload.path, isWrongPort ? .strong : .supporting,
                "readiness probe \(ProbeText.target(probe)); ports of the container: \(declared.isEmpty ? "none declared" : declared.sorted().map(String.init).joined(separator: ", "))"
            ))
        if isWrongPort, !listening.isEmpty, let line = listeningLine(container, scene) {
            support.append(Support(.strong, Evidence(.log, source: container.logName, text: line)))
        }
        let fact: String
        if isWrongPort {
            fact =
                "its readiness probe asks port \(port ?? 0)"
                + (listening.isEmpty ? "" : ", it listens on \(listening.sorted().map(String.init).joined(separator: ", "))")
        } else if isWrongPath {
            fact = "its readiness probe asks \(probe.httpGet?.path ?? "/"), which is 404"
        } else {
            fact = "its readiness probe fails (\(ProbeText.reason(event.message)))"
        }
        var against: [Support] = []
        if !isDecided, let named = CrashRule.reason(of: container, trouble, scene) {
            against.append(
                Support(
                    .supporting,
                    Evidence(.log, source: container.logName, text: "its log names a reason: \(named.text.prefix(200))")))
        }
        var hypothesis = blame(
            trouble, container, "readiness-probe-failing", isDecided ? .specific : .general, complaint: "does not become ready", fact: fact,
            text: "container \(container.name) runs and is not ready: \(fact)", support: support, against: against,
            facts: ["probe": "readiness"])
        // It says that it cannot reach somebody, or is told to call somebody who is not there: when that one is itself not well, that is why.
        if !isDecided {
            let namespace = trouble.workload.namespace
            let peers = container.clues.flatMap { clue in
                let isName = clue.kind == .nameNotFound || clue.kind == .nameServiceDown
                return isName ? clue.subject.map { [Peer(host: $0.lowercased(), port: nil)] } ?? [] : clue.peers
            }
            let resolver = container.clue(.nameServiceDown, .nameNotFound) == nil ? nil : scene.nameService
            hypothesis.dependsOn = scene.dependencies(
                on: ServiceIndex.services(peers, namespace: namespace, scene) + (resolver.map { [$0] } ?? [])
                    + scene.silentServices(calledBy: container.spec, in: namespace).filter { !Self.isLater($0, than: container, scene) })
        }
        return hypothesis
    }

    /// Whether what is behind a Service began to fail long after a container did, which is then no reason for it.
    private static func isLater(_ service: Service, than container: ContainerTrouble, _ scene: Scene) -> Bool {
        let begun = scene.workloads(behind: service).compactMap { scene.trouble(of: $0) }.flatMap(\.containers).map(\.since).min()
        return begun.map { $0 - container.since > .seconds(1800) } ?? false
    }

    private func listeningLine(_ container: ContainerTrouble, _ scene: Scene) -> String? {
        guard case .text(let bytes) = scene.log(of: scene.snapshot.pods[container.pods[0]], container.name, previous: false) else {
            return nil
        }
        return LogReading.tail(of: bytes).first { $0.has("listening") }?.text
    }
}
