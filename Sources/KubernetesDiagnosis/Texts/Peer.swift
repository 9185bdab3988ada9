/// A host and port that a program named: what it tried to reach.
struct Peer: Sendable, Hashable {
    let host: String
    let port: Int?

    /// Whether the host is an IPv4 or IPv6 address.
    var isAddress: Bool {
        host.contains(":") || (!host.isEmpty && host.allSatisfy { $0.isNumber || $0 == "." } && host.contains("."))
    }

    /// Whether it is the pod of whoever calls it.
    var isOwn: Bool { ["localhost", "127.0.0.1", "0.0.0.0", "::1"].contains(host) }

    /// All that looks like `scheme://host:port/`, `host:port` or an address, in the order of the text, each once.
    static func all(in text: some StringProtocol) -> [Peer] {
        var found: [Peer] = []
        func add(_ host: some StringProtocol, _ port: Int?) {
            let host = host.lowercased()
            guard isHost(host) else { return }
            let peer = Peer(host: host, port: port)
            if !found.contains(peer) { found.append(peer) }
        }
        var rest = Substring(text)
        while let range = rest.firstRange(of: "://") {
            var authority = rest[range.upperBound...].prefix { !" /\"'\\?#,)>]}`".contains($0) }
            if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
            let parts = authority.split(separator: ":", maxSplits: 1)
            if let host = parts.first { add(host, parts.count == 2 ? Int(parts[1]) : nil) }
            rest = rest[range.upperBound...]
        }
        for token in text.split(whereSeparator: { " \"'\\,()<>[]{}=`;@/".contains($0) }) {
            var token = token
            while let last = token.last, last == ":" || last == "." { token.removeLast() }
            let parts = token.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let port = Int(parts[1]), (1...65535).contains(port), parts[0].count > 1, !isFile(parts[0]) else {
                continue
            }
            add(parts[0], port)
        }
        for peer in worded(in: text) where !found.contains(where: { $0.host == peer.host && $0.port != nil }) { add(peer.host, peer.port) }
        return found
    }

    /// A file of source text, behind which the number of a line stands in stack traces.
    private static func isFile(_ text: some StringProtocol) -> Bool {
        guard let dot = text.lastIndex(of: "."), text.startIndex < dot else { return false }
        return sources.contains(text[text.index(after: dot)...].lowercased())
    }

    private static let sources: Set<String> = [
        "java", "kt", "scala", "groovy", "clj", "py", "go", "js", "ts", "mjs", "cjs", "jsx", "tsx", "php", "rb", "cs", "fs", "vb", "cpp",
        "cxx",
        "hpp", "swift", "ex", "exs", "erl", "lua",
    ]

    /// Whether it has the form of a host name or an address, and is no time and no version.
    static func isHost(_ text: String) -> Bool {
        guard let first = text.first, !text.isEmpty, text.count <= 253, first.isLetter || first.isNumber else { return false }
        guard text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_") }) else { return false }
        // 12:38 of a time and v1.2:3 are no hosts.
        return text.contains { $0.isLetter } || text.split(separator: ".").count == 4
    }
}
