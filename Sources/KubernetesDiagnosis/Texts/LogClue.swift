import Core

/// What one line of a log gives away about why a program failed.
struct LogClue: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case missingSetting, badConfiguration, missingFile, nameNotFound, nameServiceDown, connectionRefused, connectionTimedOut,
            databaseFull, databaseReadOnly, loginRefused, certificateExpired, accessForbidden, permissionDenied, readOnly, addressInUse,
            outOfMemory, diskFull, execFormat, commandNotFound, panic, failure
    }

    var kind: Kind
    /// The line, trimmed.
    let text: String
    /// Variable, path, host or command that it names.
    let subject: String?
    /// Who it tried to reach.
    var peers: [Peer]
    /// When the line was written, where it says so.
    var time: Timestamp?
    /// When the same was told first, in the hour before.
    var first: Timestamp?

    /// Whether both tell the same thing, in other words or at another time.
    func isSame(as other: LogClue) -> Bool { kind == other.kind && subject == other.subject }
}

/// Reads logs for clues.
enum LogReading {
    /// Lines from the end that are looked at: a crash tells its reason last.
    static let lines = 80

    /// Clues in the order of the log, the last of each kind and subject. O(length of the last ``lines`` lines).
    ///
    /// With `since`, lines are left out that are older, or that do not say how old they are.
    static func clues(in log: [UInt8], since: Timestamp? = nil) -> [LogClue] {
        var clues: [LogClue] = []
        var earlier: [LogClue] = []
        let lines = tail(of: log)
        for (n, line) in lines.enumerated() {
            guard var clue = SettingOverLines.clue(lines, at: n) ?? classify(line) else { continue }
            if clue.peers.isEmpty, namesPeers.contains(clue.kind) { clue.peers = peers(around: n, in: lines) }
            // What a server answered is told over several lines.
            if clue.kind == .permissionDenied, clue.subject == nil,
                lines[max(0, n - 4)..<n].contains(where: { $0.hasAny("403", "url: ", "forbidden") })
            {
                clue.kind = .failure
            }
            clue.time = LogTime.of(line)
            if let time = clue.time { clue.first = first(of: clue, at: time, among: earlier) }
            earlier.removeAll { $0.isSame(as: clue) }
            earlier.append(clue)
            if let since, clue.time.map({ $0 < since }) ?? true { continue }
            // A driver says whom it could not reach, and then the bare error once more: the line that names it stays.
            if clue.peers.isEmpty, let told = clues.last(where: { $0.isSame(as: clue) && !$0.peers.isEmpty }) { clue = told }
            clues.removeAll { $0.isSame(as: clue) }
            clues.append(clue)
        }
        return withoutWhatWasBorne(clues)
    }

    /// Since when the same has been told again and again, at most an hour apart.
    private static func first(of clue: LogClue, at time: Timestamp, among earlier: [LogClue]) -> Timestamp {
        guard let before = earlier.last(where: { $0.isSame(as: clue) }), let told = before.time, time - told < .seconds(3600) else {
            return time
        }
        return min(before.first ?? told, time)
    }

    /// What is said of another program.
    private static let namesPeers: Set<LogClue.Kind> = [.connectionRefused, .connectionTimedOut, .certificateExpired]

    /// Whom the lines beside one name that says only that somebody does not answer: those of a stack trace or of a message over several lines.
    private static func peers(around n: Int, in lines: [LogLine]) -> [Peer] {
        var found: [Peer] = []
        for near in [n + 1, n - 1, n + 2, n - 2, n + 3, n + 4] where lines.indices.contains(near) {
            let line = lines[near]
            guard !line.hasAny("listening", "started", "serving") else { continue }
            found += Peer.all(in: line.text).filter { ($0.port != nil || $0.host.contains(".")) && !found.contains($0) }
            // An address may be that of a pod which is gone: a name says more.
            if found.contains(where: { !$0.isAddress }) { break }
        }
        return found
    }

    /// Without what a program only warned of: it went on, and whatever came after it is worse.
    private static func withoutWhatWasBorne(_ clues: [LogClue]) -> [LogClue] {
        let last = clues.last
        let end = clues.lastIndex { $0.kind == .panic && !isGivingUp(LogLine($0.text)) } ?? 0
        return clues.enumerated().filter { n, clue in
            let line = LogLine(clue.text)
            // A script that goes on without a command did not need it.
            if n < end, clue.kind == .commandNotFound { return false }
            if n < end, bearable.contains(clue.kind) || bearableBeforePanic.contains(clue.kind) {
                return !line.hasAny("warn", "retrying", "ignor", "continuing", "skipping", "info ", "[info]", "debug")
            }
            return !(bearable.contains(clue.kind) && clue != last && line.has("warn"))
        }.map(\.element)
    }

    /// A panic or an exception by which a program says that it could not do without something, rather than a fault of its own.
    private static func isGivingUp(_ line: LogLine) -> Bool {
        line.hasAny(
            "connect", "dial", "giving up", "gave up", "attempt", "retries", "unreachable", "unavailable", "timeout", "timed out", "host",
            "database", "dependency", "lookup", "login", "auth", "certificate", "x509", "startup", "start up", "initiali")
    }

    /// What a program may do without. Not whom it cannot reach: it warns of that at each attempt, and gives up in other words.
    private static let bearable: Set<LogClue.Kind> = [
        .missingSetting, .badConfiguration, .missingFile, .outOfMemory, .readOnly, .permissionDenied, .commandNotFound,
    ]

    /// What it has done without when it fails by a fault of its own.
    private static let bearableBeforePanic: Set<LogClue.Kind> = [
        .nameNotFound, .nameServiceDown, .connectionRefused, .connectionTimedOut, .loginRefused, .certificateExpired,
    ]

    /// The last line with a word in it: what is shown when no line says more.
    static func lastLine(of log: [UInt8]) -> String? { tail(of: log).last { $0.text.contains { $0.isLetter } }?.text }

    static func tail(of log: [UInt8]) -> [LogLine] {
        var result: [LogLine] = []
        var end = log.count
        while end > 0, result.count < lines {
            let start = log[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            if log[start..<end].prefix(LogLine.longest).contains(where: { $0 > 0x20 }) { result.append(LogLine(log[start..<end])) }
            end = max(0, start - 1)
            if start == 0 { break }
        }
        return result.reversed()
    }

    static func classify(_ line: LogLine) -> LogClue? {
        func clue(_ kind: LogClue.Kind, _ subject: String? = nil, peers: Bool = false) -> LogClue {
            let text = line.text
            return LogClue(kind: kind, text: text, subject: subject, peers: peers ? Peer.all(in: text) : [])
        }
        if line.has("unable to retrieve container logs") { return nil }
        if let host = NameLookupText.unresolved(line) { return clue(host.exists ? .nameServiceDown : .nameNotFound, host.name) }
        if isDenial(line) { return clue(.accessForbidden) }
        if let kind = DatabaseText.refusal(line) { return clue(kind, peers: true) }
        if line.hasAny("certificate has expired", "certificate is not yet valid", "certificate expired", "cert_has_expired") {
            return clue(.certificateExpired, peers: true)
        }
        if isRefusal(line) { return clue(.connectionRefused, peers: true) }
        if line.hasAny(
            "i/o timeout", "etimedout", "connection timed out", "connect timeout", "connect timed out", "upstream timed out",
            "deadline exceeded",
            "no route to host", "ehostunreach",
            "server selection timed out", "serverselectiontimeout", "server was not found or was not accessible", "connecttimeouterror",
            "connection attempt timed out", "connection setup timed out", "unable to connect to any of the specified mysql hosts",
            "it was not possible to connect to the redis server", "node may not be available", "timed out waiting for a node assignment",
            "system.timeoutexception")
        {
            return clue(.connectionTimedOut, peers: true)
        }
        if let name = ConfigurationText.missingSetting(line) { return clue(.missingSetting, name) }
        if line.hasAny("read-only file system", "erofs", "readonly file system") { return clue(.readOnly, path(in: line)) }
        if line.has("exec format error") { return clue(.execFormat, path(in: line)) }
        if line.hasAny("address already in use", "eaddrinuse", "is already in use") { return clue(.addressInUse) }
        if line.hasAny("outofmemoryerror", "cannot allocate memory", "out of memory", "heap out of memory", "bad_alloc", "enomem") {
            return clue(.outOfMemory)
        }
        if line.hasAny("no space left on device", "enospc") { return clue(.diskFull, path(in: line)) }
        // PostgreSQL says so of tables and schemas; what follows below is about files.
        if line.has("permission denied for ") { return clue(.failure) }
        if isAboutFile(line), line.hasAny("permission denied", "eacces", "operation not permitted", "accessdeniedexception: /") {
            return clue(.permissionDenied, path(in: line))
        }
        if let file = ConfigurationText.fileAtFault(line) { return clue(.badConfiguration, file) }
        if line.hasAny(
            "no such file or directory", "enoent", "filenotfound", "cannot find the file", "file not found", "file does not exist")
        {
            return clue(.missingFile, path(in: line))
        }
        if line.hasAny(": not found", "command not found"), line.hasAny("sh:", "bash:", "exec:", "env:"), !line.has("http") {
            return clue(.commandNotFound, path(in: line))
        }
        // Whatever else a driver says of it, nobody answered it.
        if line.hasAny(
            "could not connect", "cannot connect", "can not connect", "can't connect", "unable to connect", "failed to connect",
            "timeout connecting", "no servers available", "nobrokersavailable", "broker transport failure", "brokers are down",
            "pool timed out", "kind: timedout", "source: timedout", "login timeout expired")
        {
            return clue(.connectionTimedOut, peers: true)
        }
        if line.hasAny(
            "panic:", "panicked at", "traceback (most recent", "segmentation fault", "unhandled exception", "fatal signal",
            "assertion failed", "stack overflow", "typeerror:", "referenceerror:", "attributeerror:", "indexerror:", "zerodivisionerror:",
            "nullpointerexception", "nullreferenceexception", "indexoutofbounds", "index out of range", "nil pointer dereference",
            "classcastexception", "nomethoderror", "arithmeticexception")
        {
            return clue(.panic)
        }
        if isGivenUp(line) { return clue(.failure) }
        if line.hasAny("fatal", "error", "exception", "panic", "failed", "critical", "cannot", "can't", "unable to", "abort", "giving up") {
            return clue(.failure)
        }
        return nil
    }

    /// A program that cannot go on and says so in other words: an option that it does not know, a library that is too old, a lock of a run before.
    private static func isGivenUp(_ line: LogLine) -> Bool {
        line.hasAny(
            "flag provided but not defined", "unknown flag", "unknown option", "unknown shorthand", "unrecognized option",
            "unrecognized arguments", "unrecognised option", "invalid option", "unknown command", "glibc", "kernel pid terminated",
            "npm err", "missing script", "is already running", "another instance", "has been specified", "symbol lookup",
            "undefined symbol", "shared libraries")
    }

    /// Nobody listens where it called, in the words of sockets and of drivers (JDBC, MySQL, Kafka, libpq).
    private static func isRefusal(_ line: LogLine) -> Bool {
        line.hasAny(
            "connection refused", "econnrefused", "connectionrefused", "connect failed: refused", "actively refused",
            "can't connect to mysql server", "can't connect to server on", "communications link failure", "broker may not be available",
            "is the server running on ")
            || line.has("vault is sealed") && line.hasAny("exception", "error")
            || line.has("connection to ") && line.has(" refused")
    }

    /// Others refuse things in the same words: a Vault, a Git server, whoever answers with 403; and a line that is only noted is no reason.
    private static func isAboutFile(_ line: LogLine) -> Bool {
        !line.hasAny("publickey", "403", "http://", "https://", "http/1", "user-agent", "policy", "token", " info ", "[info]", "\"info\"")
    }

    /// The API refuses what a service account asks for.
    static func isDenial(_ line: LogLine) -> Bool { line.has("cannot") && line.has("system:serviceaccount:") && line.has("resource") }

    /// The first absolute path in the line.
    static func path(in line: LogLine) -> String? {
        for token in line.tokens where token.hasPrefix("/") && token.count > 1 {
            var path = token
            while let last = path.last, last == ":" || last == "." { path.removeLast() }
            if path.count > 1, !path.hasPrefix("//") { return String(path) }
        }
        return nil
    }
}
