import Core
import Kubernetes

/// How one run of a program goes: what it writes when it starts, and when and how it ends. A pure function of its behaviour and of
/// what it finds.
struct ContainerRun: Sendable, Equatable {
    var lines: [(after: Duration, text: String)] = []
    var end: (after: Duration, code: Int, reason: String)?

    static func == (a: ContainerRun, b: ContainerRun) -> Bool {
        a.lines.map(\.text) == b.lines.map(\.text) && a.end?.code == b.end?.code && a.end?.after == b.end?.after
    }

    /// What a program finds around it.
    struct Surroundings: Sendable {
        /// The environment, references resolved.
        var environment: [String: String] = [:]
        /// Text of files that are mounted; a mounted file whose text is not known is there with nil.
        var files: [String: String?] = [:]
        /// Peers that cannot be reached, and why in the words of the network library.
        var unreachable: [String: String] = [:]
        /// Requests to the API server that are refused, and the refusal.
        var forbidden: [String: String] = [:]
        var readOnly: Set<String> = []
        var memoryLimit: Double?
        /// Ports that the program is to listen on, and those that other containers of the pod have.
        var ownPorts: [Int] = []
        var takenPorts: Set<Int> = []
        /// How the process is called.
        var program = ""
    }

    /// The run of `behaviour`; `ending` says whether the program ends by itself with 0 where a Job's would.
    static func of(_ behaviour: Behaviour, in around: Surroundings) -> ContainerRun {
        var run = ContainerRun()
        for line in behaviour.log where line.every == nil && line.after == .zero { run.lines.append((.zero, line.text)) }
        // Before it listens: what lacks something at its start is never ready, not even for a moment.
        let early = min(behaviour.listen?.after ?? behaviour.start, .milliseconds(300)) * 9 / 10
        if let failure = failure(behaviour, around) {
            let end = max(early, failure.after)
            for line in failure.lines { run.lines.append((end, line)) }
            run.end = (end, failure.code, "Error")
            return run
        }
        for line in behaviour.log where line.every == nil && line.after > .zero { run.lines.append((line.after, line.text)) }
        if let exit = behaviour.exit { run.end = (max(exit.after, .milliseconds(50)), exit.code, exit.code == 0 ? "Completed" : "Error") }
        if let limit = around.memoryLimit, let when = behaviour.memory.exceeds(limit) {
            let when = max(when, .milliseconds(50))
            if run.end.map({ when < $0.after }) ?? true { run.end = (when, 137, "OOMKilled") }
        }
        if let end = run.end {
            run.lines.removeAll { $0.after > end.after }
            if end.reason != "OOMKilled" { for line in behaviour.exit?.log ?? [] { run.lines.append((end.after, line)) } }
        }
        run.lines.sort { $0.after < $1.after }
        return run
    }

    private static func failure(_ behaviour: Behaviour, _ around: Surroundings) -> (lines: [String], code: Int, after: Duration)? {
        // The runtime has started its own process, which cannot become this one: runc says so where the program would write.
        if behaviour.startError == .format { return ([KubeletTexts.execFormat(around.program)], 255, .zero) }
        for variable in behaviour.needsEnv where around.environment[variable.name] == nil {
            return ([variable.log ?? "FATAL config: required environment variable \(variable.name) is not set"], variable.code, .zero)
        }
        for file in behaviour.needsFile {
            if let problem = FileCheck.problem(file, around.files) {
                return ([file.log ?? "FATAL config: \(problem)"], file.code, .zero)
            }
        }
        for path in behaviour.writes where around.readOnly.contains(path) {
            return (["FATAL cannot write: open \(path): read-only file system"], 1, .zero)
        }
        for peer in behaviour.needsPeer {
            let named = peer.env.flatMap { around.environment[$0] }
            guard let address = named ?? peer.address else {
                return ([peer.log ?? "FATAL config: required environment variable \(peer.env ?? "") is not set"], peer.code, .zero)
            }
            if let why = around.unreachable[address] {
                if let log = peer.log { return ([log], peer.code, peer.after) }
                return (
                    ["ERROR cannot reach \(address): \(why)", "FATAL could not reach \(PeerAddress(address)?.host ?? address), exiting"],
                    peer.code, peer.after
                )
            }
        }
        for access in behaviour.needsAccess {
            guard let refusal = around.forbidden["\(access.verb) \(access.group) \(access.resource)"] else { continue }
            return ([access.log ?? "ERROR failed to \(access.verb) \(access.resource): HTTP 403: \(refusal)"], access.code, access.after)
        }
        if let port = around.ownPorts.first(where: around.takenPorts.contains) {
            return (["FATAL " + KubeletTexts.addressInUse(String(port))], 1, .zero)
        }
        return nil
    }
}

/// A `host:port` or URL as programs write them.
struct PeerAddress: Sendable, Equatable {
    let host: String
    let port: Int

    init?(_ text: String) {
        var rest = Substring(text)
        var standard: Int?
        if let scheme = rest.firstRange(of: "://") {
            switch rest[..<scheme.lowerBound] {
            case "https": standard = 443
            case "postgres", "postgresql": standard = 5432
            case "mysql": standard = 3306
            case "redis": standard = 6379
            case "amqp": standard = 5672
            default: standard = 80
            }
            rest = rest[scheme.upperBound...]
            if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        }
        rest = rest.prefix { $0 != "/" && $0 != "?" }
        guard !rest.isEmpty else { return nil }
        if let colon = rest.lastIndex(of: ":"), let port = Int(rest[rest.index(after: colon)...]), (1...65535).contains(port) {
            self.port = port
            rest = rest[..<colon]
        } else {
            guard let standard else { return nil }
            port = standard
        }
        host = String(rest)
    }
}
