import Core
import Diagnosis
import Kubernetes

/// A probe speaks another protocol than the port that it asks: HTTP to gRPC, HTTP to HTTPS, gRPC to HTTP.
struct ProbeProtocolRule: ContainerRule {
    let name = "probe-protocol"
    let categories = ["probe-wrong-protocol"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A probe speaks another protocol than the port that it asks.",
            sees: ["pods", "events"],
            evidence: ["an answer of another protocol in the event of the probe", "the probe, and the ports that the container declares"],
            contradictedBy: ["a gRPC probe whose port nobody serves"],
            next: ["let the probe speak what the port speaks"],
            references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        let probes = [
            ("Readiness", container.spec.readinessProbe), ("Liveness", container.spec.livenessProbe),
            ("Startup", container.spec.startupProbe),
        ]
        for (kind, probe) in probes {
            guard let probe,
                let event = scene.eventEvidence(
                    container.pods, .decisive,
                    where: {
                        $0.reason == "Unhealthy" && $0.message.hasPrefix("\(kind) probe")
                            && ProbeText.isOfAnotherProtocol($0.message, probe, container, scene)
                    })
            else { continue }
            let port = ProbeText.port(probe, container.spec)
            let declares = port.map { p in container.spec.ports.contains { $0.containerPort == p } } ?? false
            var support = [event, scene.statusEvidence(container, .supporting)]
            support.append(
                scene.spec(
                    trouble.workload.path, declares ? .strong : .supporting,
                    "\(kind.lowercased()) probe: \(ProbeText.target(probe))\(declares ? ", a port that the container declares" : "")"))
            let fact = "its \(kind.lowercased()) probe speaks \(ProbeText.language(probe)), the port does not"
            return blame(
                trouble, container, "probe-wrong-protocol", .specific,
                complaint: kind == "Readiness" ? "does not become ready" : "is restarted by its probe", fact: fact,
                text:
                    "the \(kind.lowercased()) probe of container \(container.name) (\(ProbeText.target(probe))) is not answered in its protocol: "
                    + ProbeText.reason(event.evidence.text), support: support, facts: ["probe": .string(kind.lowercased())])
        }
        return nil
    }
}

extension ProbeText {
    /// Whether a failed probe met a port that speaks something else.
    static func isOfAnotherProtocol(_ message: String, _ probe: Probe, _ container: ContainerTrouble, _ scene: Scene) -> Bool {
        let line = LogLine(message)
        if line.has("statuscode: 400"), speaksTLS(probe, container) { return true }
        if line.hasAny(
            "malformed http", "gave http response to https client", "does not look like a tls handshake", "error reading server preface",
            "failed to receive server preface", "client sent an http request to an https server", "http2: frame too large",
            "unexpected content-type", "does not implement the grpc health")
        {
            return true
        }
        guard let port = probe.grpc?.port, line.has("failed to connect service"), line.has("deadline exceeded") else { return false }
        // To a port that nobody serves it says the same as to one that serves something else.
        let listening = ListeningPorts.of(container, scene)
        let served = listening.isEmpty ? Set(container.spec.ports.map(\.containerPort)) : listening
        return served.isEmpty || served.contains(port)
    }

    /// Whether plain HTTP is asked of a port that speaks TLS, by what the program says of it or by what the port is called. Servers answer that
    /// with 400, and the kubelet shows no more than the number.
    private static func speaksTLS(_ probe: Probe, _ container: ContainerTrouble) -> Bool {
        guard let http = probe.httpGet, http.scheme?.uppercased() != "HTTPS" else { return false }
        let isSaid = container.clues.contains {
            LogLine($0.text).hasAny("http request to an https server", "plain http request was sent to https port", "requires tls")
        }
        let port = port(probe, container.spec)
        let name = container.spec.ports.first { $0.containerPort == port }?.name ?? ""
        return isSaid || name.contains("https") || name.contains("tls") || port == 443 || port == 8443
    }

    static func language(_ probe: Probe) -> String {
        if probe.grpc != nil { return "gRPC" }
        return probe.httpGet?.scheme?.uppercased() == "HTTPS" ? "HTTPS" : "HTTP"
    }
}
