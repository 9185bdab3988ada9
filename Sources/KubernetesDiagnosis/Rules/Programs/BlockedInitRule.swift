import Core
import Diagnosis
import Kubernetes

/// An init container runs on and on, so that the pod never gets to its programs.
struct BlockedInitRule: ContainerRule {
    let name = "init-container-blocked"
    let categories = ["init-container-blocked"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "An init container waits for ever, so the pod never starts.",
            sees: ["pods", "logs"],
            evidence: ["how long it has run", "a line of its log that says that it waits"],
            contradictedBy: ["whom it waits for is itself not well: then that is the cause"],
            next: ["read the log of the init container"],
            references: ["https://kubernetes.io/docs/concepts/workloads/pods/init-containers/"])
    }

    /// Longer than this few preparations take; what says that it waits is believed earlier.
    static let patience: Duration = .seconds(600)

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard container.isInit, container.form == .notReady else { return nil }
        let pod = scene.snapshot.pods[container.pods[0]]
        guard let started = pod.status.initContainerStatuses.first(where: { $0.name == container.name })?.state.running?.startedAt else {
            return nil
        }
        let age = scene.now - started
        let waiting = container.lastLine.flatMap { Self.saysItWaits(LogLine($0)) ? $0 : nil }
        guard waiting != nil || age > Self.patience else { return nil }
        var support = [
            Support(
                .strong,
                Evidence(
                    .status, source: scene.podName(container.pods[0]),
                    text: "init container \(container.name) has run for \(Int(age.secondCount)) s and does not end", time: started))
        ]
        if let line = waiting ?? container.lastLine {
            support.append(
                Support(waiting == nil ? .supporting : .strong, Evidence(.log, source: container.logName, text: String(line.prefix(300)))))
        }
        let command = container.spec.command + container.spec.args
        let named =
            Peer.all(in: container.lastLine ?? "") + container.clues.flatMap(\.peers)
            + scene.calledPeers(of: container.spec, in: trouble.workload.namespace).map(\.peer)
            // `nc -z db 5432`, `pg_isready -h db`, `nslookup db`: whatever word of the command is the name of a Service.
            + command.flatMap { Peer.all(in: $0) + LogLine($0).tokens.map { Peer(host: $0.lowercased(), port: nil) } }
        let services = ServiceIndex.services(named, namespace: trouble.workload.namespace, scene)
        var hypothesis = blame(
            trouble, container, "init-container-blocked", .specific, complaint: "does not start",
            fact: "init container \(container.name) waits" + (waiting.map { ": \(CrashRule.stripped($0).prefix(40))" } ?? ""),
            text: "init container \(container.name) has been running for \(Int(age.secondCount)) seconds and keeps the pod from starting"
                + (waiting.map { ": \(CrashRule.stripped($0).prefix(120))" } ?? ""),
            support: support, missing: container.logMissing.map { [$0] } ?? [])
        // What it waits for, when that is itself not well, is the cause.
        hypothesis.dependsOn += scene.dependencies(on: services)
        return hypothesis
    }

    private static func saysItWaits(_ line: LogLine) -> Bool {
        line.hasAny("waiting", "wait for", "retry", "not ready", "not yet", "still", "sleeping", "unavailable", "trying again", "polling")
    }
}
