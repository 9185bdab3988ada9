import Core
import Diagnosis
import Kubernetes

/// Words about probes.
enum ProbeText {
    static func target(_ probe: Probe) -> String {
        if let http = probe.httpGet { return "GET \(http.path ?? "/") on port \(http.port?.description ?? "?")" }
        if let tcp = probe.tcpSocket { return "TCP port \(tcp.port?.description ?? "?")" }
        if let grpc = probe.grpc { return "gRPC port \(grpc.port)" }
        if let exec = probe.exec { return "command \(exec.command.joined(separator: " "))" }
        return "without an action"
    }

    /// The port that a probe asks, named ports resolved; nil for commands.
    static func port(_ probe: Probe, _ container: Container) -> Int? {
        if let grpc = probe.grpc { return grpc.port }
        guard let port = probe.httpGet?.port ?? probe.tcpSocket?.port else { return nil }
        return Ports.number(port, container)
    }

    /// What follows `… probe failed:`, shortened.
    static func reason(_ message: String) -> String {
        guard let range = message.firstRange(of: "probe failed:") ?? message.firstRange(of: "probe errored:") else {
            return "it does not succeed"
        }
        var text = message[range.upperBound...].drop { $0 == " " }
        if let cut = text.firstRange(of: " (") { text = text[..<cut.lowerBound] }
        if let code = text.firstRange(of: "statuscode: ") { return "HTTP \(text[code.upperBound...].prefix(3))" }
        if text.contains("connection refused") { return "connection refused" }
        if text.contains("deadline exceeded") || text.contains("timeout") { return "no answer in time" }
        return text.isEmpty ? "the command fails without a word" : String(text.prefix(80))
    }
}

extension Scene {
    /// So long before the end of the last run the kill may have been told: the kubelet leaves out events that come too often.
    private static let killMemory: Duration = .seconds(900)

    /// The event that tells that the kubelet killed a container since a probe of this name failed (any, where it is empty). One from long
    /// before the last run ended tells of another run: this one ended by itself.
    func kill(of container: ContainerTrouble, by probe: String, _ weight: Support.Weight) -> Support? {
        eventEvidence(container.pods, weight) { event in
            guard event.reason == "Killing", event.message.contains("ontainer \(container.name) failed \(probe)") else { return false }
            guard let end = container.end?.finishedAt, let seen = event.lastSeen else { return true }
            return seen + Scene.killMemory >= end
        }
    }
}

enum Ports {
    /// A port number, or the number of a container's port of that name.
    static func number(_ port: IntOrString, _ container: Container) -> Int? {
        switch port {
        case .int(let n): n
        case .string(let name): Int(name) ?? container.ports.first { $0.name == name }?.containerPort
        }
    }
}

/// On which ports a program says that it listens.
enum ListeningPorts {
    static func of(_ container: ContainerTrouble, _ scene: Scene) -> Set<Int> {
        container.pods.prefix(3).reduce(into: []) { $0.formUnion(of(container.name, pod: scene.snapshot.pods[$1], scene)) }
    }

    static func of(_ container: String, pod: Pod, _ scene: Scene) -> Set<Int> {
        var ports: Set<Int> = []
        for previous in [false, true] {
            guard case .text(let bytes) = scene.log(of: pod, container, previous: previous) else { continue }
            // It is said at the start.
            for line in bytes.prefix(64 << 10).split(separator: 0x0A, maxSplits: 200) {
                let line = LogLine(line)
                guard
                    line.hasAny(
                        "listening", "listen on", "listens on", "serving on", "started on port", "running on", "server started", "bound to",
                        "ready to accept", "accepting connections"),
                    !line.hasAny("failed", "error", "cannot", "refused")
                else { continue }
                ports.formUnion(numbers(line.text))
            }
        }
        return ports
    }

    private static func numbers(_ text: String) -> Set<Int> {
        var found: Set<Int> = []
        for word in text.split(whereSeparator: { " \"'\\,()[]{}=/;".contains($0) }) {
            // ":8080", "0.0.0.0:8080", "[::]:8080", "port 8080"; not the time 12:38:05 and not a date.
            let tail = word.split(separator: ":", omittingEmptySubsequences: false).last ?? word
            let isTime =
                word.split(separator: ":").count >= 2
                && word.split(separator: ":").allSatisfy { $0.prefix(2).allSatisfy(\.isNumber) && $0.count <= 2 }
            if let n = Int(tail), (80...65535).contains(n), !isTime, !(1970...2100).contains(n) || word.contains(":") { found.insert(n) }
        }
        return found
    }
}

/// Whether a program says that it is still starting.
enum SlowStart {
    static func line(_ container: ContainerTrouble, _ scene: Scene) -> String? {
        let pod = scene.snapshot.pods[container.pods[0]]
        for previous in [true, false] {
            guard case .text(let bytes) = scene.log(of: pod, container.name, previous: previous) else { continue }
            if let line = LogReading.tail(of: bytes).last(where: {
                $0.hasAny(
                    "boot", "starting", "warming", "loading", "initializ", "initialis", "migrat", "building", "preparing", "restoring",
                    "replaying")
            }) {
                return line.text
            }
        }
        return nil
    }
}
