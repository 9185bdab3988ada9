import Core

/// What one probe of one container answers at one moment. A pure function.
enum ProbeCheck {
    enum Answer: Sendable, Equatable {
        case passes
        /// With the output that the kubelet reports.
        case fails(String)
        /// It could not be asked; this counts neither way.
        case errs(String)
    }

    static func answer(_ probe: JSON, _ container: ContainerWorker, ip: String, _ world: World) -> Answer {
        if let failure = failure(probe, container, ip: ip, now: world.now) { return .fails(failure) }
        guard let command = probe["exec"]?["command"]?.array?.compactMap(\.string), container.behaviour.execution == nil else {
            return .passes
        }
        let run = CommandRun.of(command, in: container, world.options.catalogue)
        if let problem = run.problem { return .errs(problem) }
        let timeout = timeout(probe)
        if run.time >= timeout {
            let span = GoDuration.text(seconds: Int(timeout.secondCount))
            return .fails(KubeletTexts.commandTimedOut(command.joined(separator: " "), span))
        }
        return run.code == 0 ? .passes : .fails(run.output.isEmpty ? "" : run.output + "\n")
    }

    private static func timeout(_ probe: JSON) -> Duration { .seconds(max(1, probe["timeoutSeconds"]?.int ?? 1)) }

    /// Why nothing answers an HTTP request at all, in the words of Go's client; nil: something does.
    static func silence(_ probe: JSON, _ container: ContainerWorker, ip: String, now: Timestamp) -> String? {
        let http = probe["httpGet"]
        let port = number(http?["port"], container)
        let host = http?["host"]?.string ?? ip
        let scheme = http?["scheme"]?.string?.lowercased() ?? "http"
        let path = http?["path"]?.string ?? "/"
        let url = "\(scheme)://\(host):\(port ?? 0)\(path.hasPrefix("/") ? path : "/" + path)"
        guard let port, container.listens(on: port, at: now) else { return KubeletTexts.httpRefused(url, "\(host):\(port ?? 0)") }
        // A program of which nobody says what it speaks is taken to speak what it is asked.
        if scheme == "https", container.behaviour.listen?.speech == .http { return KubeletTexts.httpForHTTPS(url) }
        if container.behaviour.listen?.speech == .grpc {
            return KubeletTexts.httpMalformed(url, "\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00")
        }
        if container.latency > timeout(probe) {
            return "Get \"\(url)\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        }
        return nil
    }

    /// What a program answers wrongly; nil: it passes, as far as no command has to be run.
    private static func failure(_ probe: JSON, _ container: ContainerWorker, ip: String, now: Timestamp) -> String? {
        guard let since = container.runningSince else { return "container not running" }
        let age = now - since
        let behaviour = container.behaviour
        if let http = probe["httpGet"] {
            if let silence = silence(probe, container, ip: ip, now: now) { return silence }
            let isPlain = http["scheme"]?.string?.lowercased() != "https"
            // What a server of TLS tells whoever speaks plainly to it.
            let status =
                isPlain && behaviour.listen?.speech == .https ? 400 : status(http["path"]?.string ?? "/", behaviour, age)
            return (200..<400).contains(status) ? nil : KubeletTexts.httpStatus(String(status))
        }
        if let tcp = probe["tcpSocket"] {
            let port = number(tcp["port"], container) ?? 0
            return container.listens(on: port, at: now) ? nil : KubeletTexts.tcpRefused("\(tcp["host"]?.string ?? ip):\(port)")
        }
        if let grpc = probe["grpc"] {
            let port = grpc["port"]?.int ?? 0
            guard container.listens(on: port, at: now), behaviour.listen?.speech == .grpc else {
                return KubeletTexts.grpcTimeout("\(ip):\(port)", GoDuration.text(seconds: Int(timeout(probe).secondCount)))
            }
            return status("/", behaviour, age) < 400 ? nil : KubeletTexts.grpcRefused()
        }
        if let execution = behaviour.execution, age >= execution.after, execution.code != 0 { return execution.output }
        return nil
    }

    /// What an HTTP path answers after so long: the last entry that has begun for exactly this path, or else 200.
    static func status(_ path: String, _ behaviour: Behaviour, _ age: Duration) -> Int {
        let path = path.prefix { $0 != "?" }
        let begun = behaviour.responses.filter { age >= $0.after && ($0.path == path || $0.path == "*") }
        return begun.max { $0.after < $1.after }?.status ?? 200
    }

    /// The next moment, counted from the start of the process, at which any answer changes by itself; nil: never again.
    static func nextChange(_ container: ContainerWorker, after age: Duration) -> Duration? {
        let behaviour = container.behaviour
        let moments = [container.listenDelay] + behaviour.responses.map(\.after) + (behaviour.execution.map { [$0.after] } ?? [])
        return moments.filter { $0 > age }.min()
    }

    private static func number(_ port: JSON?, _ container: ContainerWorker) -> Int? {
        port?.int ?? port?.string.flatMap { container.port(named: $0) ?? Int($0) }
    }
}
