import Core

/// What one line of a log gives away about why a program failed.
struct LogClue: Sendable, Hashable {
    enum Kind: String, Sendable, Hashable, CaseIterable {
        case missingSetting, badConfiguration, missingFile, nameNotFound, nameServiceDown, connectionRefused, connectionTimedOut,
            databaseFull, databaseReadOnly, loginRefused, certificateExpired, accessForbidden, permissionDenied, readOnly, addressInUse,
            outOfMemory, diskFull, execFormat, commandNotFound, panic, failure
    }

    let kind: Kind
    /// The line, trimmed.
    let text: String
    /// Variable, path, host or command that it names.
    let subject: String?
    /// Who it tried to reach.
    let peers: [Peer]
    /// When the line was written, where it says so.
    var time: Timestamp?
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
        for line in tail(of: log) {
            guard var clue = classify(line) else { continue }
            clue.time = LogTime.of(line)
            if let since, clue.time.map({ $0 < since }) ?? true { continue }
            clues.removeAll { $0.kind == clue.kind && $0.subject == clue.subject }
            clues.append(clue)
        }
        // A program that only warned of these went on, and whatever came after it is worse.
        let last = clues.last
        clues.removeAll { bearable.contains($0.kind) && $0 != last && LogLine($0.text).has("warn") }
        return clues
    }

    /// What a program may do without. Not whom it cannot reach: it warns of that at each attempt, and gives up in other words.
    private static let bearable: Set<LogClue.Kind> = [
        .missingSetting, .badConfiguration, .missingFile, .outOfMemory, .readOnly, .permissionDenied, .commandNotFound,
    ]

    /// The last line that is not empty: what is shown when no line says more.
    static func lastLine(of log: [UInt8]) -> String? { tail(of: log).last?.text }

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
        if let host = unresolvedHost(line) { return clue(host.exists ? .nameServiceDown : .nameNotFound, host.name) }
        if isDenial(line) { return clue(.accessForbidden) }
        if let kind = DatabaseText.refusal(line) { return clue(kind, peers: true) }
        if line.hasAny("certificate has expired", "certificate is not yet valid", "certificate expired", "cert_has_expired") {
            return clue(.certificateExpired, peers: true)
        }
        if line.hasAny("connection refused", "econnrefused", "connect failed: refused", "actively refused") {
            return clue(.connectionRefused, peers: true)
        }
        if line.hasAny(
            "i/o timeout", "etimedout", "connection timed out", "connect timeout", "deadline exceeded", "no route to host", "ehostunreach")
        {
            return clue(.connectionTimedOut, peers: true)
        }
        if let name = ConfigurationText.missingSetting(line) { return clue(.missingSetting, name) }
        if line.hasAny("read-only file system", "erofs", "readonly file system") { return clue(.readOnly, path(in: line)) }
        if line.has("exec format error") { return clue(.execFormat, path(in: line)) }
        if line.hasAny("address already in use", "eaddrinuse") { return clue(.addressInUse) }
        if line.hasAny("outofmemoryerror", "cannot allocate memory", "out of memory", "heap out of memory", "bad_alloc", "enomem") {
            return clue(.outOfMemory)
        }
        if line.hasAny("no space left on device", "enospc") { return clue(.diskFull, path(in: line)) }
        // PostgreSQL says so of tables and schemas; what follows below is about files.
        if line.has("permission denied for ") { return clue(.failure) }
        if line.hasAny("permission denied", "eacces", "operation not permitted") { return clue(.permissionDenied, path(in: line)) }
        if let file = ConfigurationText.fileAtFault(line) { return clue(.badConfiguration, file) }
        if line.hasAny("no such file or directory", "enoent", "filenotfound", "cannot find the file", "file not found") {
            return clue(.missingFile, path(in: line))
        }
        if line.hasAny(": not found", "command not found"), line.hasAny("sh:", "bash:", "exec:", "env:"), !line.has("http") {
            return clue(.commandNotFound, path(in: line))
        }
        if line.hasAny(
            "panic:", "traceback (most recent", "segmentation fault", "unhandled exception", "fatal signal", "assertion failed",
            "stack overflow")
        {
            return clue(.panic)
        }
        if line.hasAny("fatal", "error", "exception", "panic", "failed", "critical", "cannot", "can't", "unable to", "abort", "giving up") {
            return clue(.failure)
        }
        return nil
    }

    /// The API refuses what a service account asks for.
    static func isDenial(_ line: LogLine) -> Bool { line.has("cannot") && line.has("system:serviceaccount:") && line.has("resource") }

    /// The name that could not be resolved, and whether it was the name service that failed rather than the name.
    private static func unresolvedHost(_ line: LogLine) -> (name: String?, exists: Bool)? {
        // Go: dial tcp: lookup NAME on SERVER: no such host | read udp …: i/o timeout | server misbehaving
        if let name = line.word(after: "lookup ") {
            if line.has("no such host") { return (name, false) }
            if line.hasAny(
                "server misbehaving", "connection refused", "i/o timeout", "temporary failure", "try again", "network is unreachable")
            {
                return (name, true)
            }
        }
        if let name = line.word(after: "getaddrinfo enotfound ") { return (name, false) }
        if let name = line.word(after: "getaddrinfo eai_again ") { return (name, true) }
        if let name = line.word(after: "unknownhostexception") { return (name, false) }
        if let name = line.word(after: "could not resolve host") { return (name, false) }
        if let name = line.word(after: "bad address ") { return (name, false) }
        if let name = line.word(after: "unknown host ") { return (name, false) }
        if let name = line.word(after: "could not translate host name ") { return (name, line.has("temporary failure")) }
        if line.has("temporary failure in name resolution") { return (host(in: line), true) }
        if line.hasAny("name or service not known", "nodename nor servname", "no address associated with hostname", "name does not resolve")
        {
            return (host(in: line), false)
        }
        if line.has("nxdomain"), let name = host(in: line) { return (name, false) }
        return nil
    }

    private static func host(in line: LogLine) -> String? { Peer.all(in: line.text).first?.host }

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
