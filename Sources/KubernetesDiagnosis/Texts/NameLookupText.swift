/// Names that could not be looked up, in the words of resolvers and of the programs that ask them.
enum NameLookupText {
    /// The name that could not be resolved, and whether it was the name service that failed rather than the name.
    static func unresolved(_ line: LogLine) -> (name: String?, exists: Bool)? {
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
        if let name = line.word(after: "unknownhostexception") { return (name, line.has("temporary failure")) }
        if let name = line.word(after: "could not resolve host") { return (name, false) }
        // nginx, also with the port behind it.
        if let name = line.word(after: "host not found in upstream ") { return (withoutPort(name), false) }
        // MySQL.
        if let name = line.word(after: "unknown mysql server host ") { return (name, false) }
        if let name = line.word(after: "bad address ") { return (name, false) }
        // Kafka's Java client.
        for words in ["couldn't resolve server ", "dns resolution failed for "] as [StaticString] {
            if let name = line.word(after: words) { return (withoutPort(name), false) }
        }
        // Elasticsearch.
        if let name = line.word(after: "failed to resolve host ") { return (name, false) }
        if let name = line.word(after: "unknown host ") { return (name, false) }
        if let name = line.word(after: "could not translate host name ") { return (name, line.has("temporary failure")) }
        // PHP and urllib3.
        for words in ["getaddrinfo for ", "failed to resolve "] as [StaticString] {
            if let name = line.word(after: words), isComplaint(line) { return (withoutPort(name), line.has("temporary failure")) }
        }
        if line.has("temporary failure in name resolution") { return (host(in: line), true) }
        if isComplaint(line) { return (host(in: line), false) }
        // .NET has no words of its own for EAI_AGAIN: those of error 11 of the system.
        if line.has("resource temporarily unavailable"), line.hasAny("socketexception (", "httprequestexception") {
            return (host(in: line), true)
        }
        if line.has("nxdomain"), let name = host(in: line) { return (name, false) }
        return nil
    }

    private static func isComplaint(_ line: LogLine) -> Bool {
        line.hasAny(
            "name or service not known", "nodename nor servname", "no address associated with hostname", "name does not resolve",
            "nameresolutionerror", "temporary failure in name resolution")
    }

    private static func withoutPort(_ name: String) -> String { name.split(separator: ":").first.map(String.init) ?? name }

    private static func host(in line: LogLine) -> String? { Peer.all(in: line.text).first?.host }
}
