import Core
import Diagnosis
import Kubernetes

/// Two containers of a pod want one port: they share an address, so whichever comes second ends.
struct PortConflictRule: ContainerRule {
    let name = "port-conflict"
    let categories = ["sidecar-port-conflict"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Two containers of a pod want one port.",
            sees: ["pods", "logs"],
            evidence: [
                "\"address already in use\" in the log", "the other container that declares the port, or says that it listens on it",
            ],
            contradictedBy: ["the pod has one container"],
            next: ["give one of the two another port"],
            references: ["https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard container.form == .ending || container.form == .notReady, let clue = container.clue(.addressInUse) else { return nil }
        let pod = scene.snapshot.pods[container.pods[0]]
        let others = pod.spec.containers.filter { $0.name != container.name }
        guard !others.isEmpty, let port = Self.port(in: clue.text) else { return nil }
        let rival = others.first { other in
            other.ports.contains { $0.containerPort == port } || ListeningPorts.of(other.name, pod: pod, scene).contains(port)
        }
        var support = [scene.statusEvidence(container, .supporting), Support(.strong, container.log(clue))]
        if let rival {
            support.append(scene.spec(trouble.workload.path, .strong, "container \(rival.name) of the same pod serves port \(port)"))
        }
        let whose = rival.map { "container \($0.name)" } ?? "another container of the pod"
        return blame(
            trouble, container, "sidecar-port-conflict", .specific, complaint: "does not start",
            fact: "port \(port) is taken by \(whose)",
            text: "container \(container.name) cannot listen on port \(port): \(whose) has it, and containers of a pod share their ports",
            support: support, facts: ["port": JSON(port)])
    }

    /// The port in `listen tcp :8080: bind: address already in use` and the like.
    private static func port(in text: String) -> Int? {
        let words = text.split { !($0.isNumber || $0 == ":") }
        let numbers = words.flatMap { $0.split(separator: ":") }.compactMap { Int($0) }.filter { (80...65_535).contains($0) }
        return words.lazy.filter { $0.contains(":") }.compactMap { $0.split(separator: ":").last.flatMap { Int($0) } }
            .first { (80...65_535).contains($0) && !(1970...2100).contains($0) } ?? numbers.first { !(1970...2100).contains($0) }
    }
}
