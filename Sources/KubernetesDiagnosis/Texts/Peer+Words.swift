extension Peer {
    /// Hosts that drivers name in a sentence, and the port that stands apart from them: `server at "db" (10.0.0.7), port 5432` (libpq),
    /// `host='db', port=80` (urllib3), `Host: db, Port: 3306` (PHP), `connect to db port 80` (curl), `MySQL server on 'db' (111)`, `on host "db"`.
    static func worded(in text: some StringProtocol) -> [Peer] {
        // Most of what is asked is one URL.
        guard text.utf8.contains(UInt8(ascii: " ")), text.utf8.count < 2 * LogLine.longest else { return [] }
        // Rust writes `host: Some(Domain("db"))`.
        let words = text.lowercased().split { $0.isWhitespace || "\"'(),=[]<>{}`;".contains($0) }.filter { !wrappings.contains($0) }
        var hosts: [Substring] = []
        var port: Int?
        for (n, word) in words.enumerated() where n + 1 < words.count {
            let next = words[n + 1]
            let last = n > 0 ? words[n - 1] : ""
            // SQL Server: `server 'tcp:db.example.com,1433'`.
            if word.hasPrefix("tcp:"), let number = Int(next), (1...65535).contains(number) {
                hosts.append(word.dropFirst(4))
                port = port ?? number
            }
            switch word {
            case "port", "port:": port = port ?? Int(next.prefix { $0.isNumber }).flatMap { (1...65535).contains($0) ? $0 : nil }
            case "at" where last == "server", "on" where last == "server", "host", "host:": hosts.append(next)
            // `connect to db port 80`; what else a program connects to may be anything.
            case "to" where n + 2 < words.count && words[n + 2] == "port": hosts.append(next)
            default: break
            }
        }
        return hosts.filter { !noHosts.contains($0) && isHost(String($0)) }.map { Peer(host: String($0), port: port) }
    }

    private static let wrappings: Set<Substring> = ["some", "domain", "ipv4"]

    /// Words that follow such a word and name nobody.
    private static let noHosts: Set<Substring> = [
        "the", "a", "an", "is", "it", "name", "not", "and", "or", "port", "could", "at", "on", "in", "of", "to", "for", "down", "that",
        "this", "key", "header", "startup", "machine", "error", "did", "has", "was", "server", "unreachable",
        "none", "null", "undefined",
    ]
}
