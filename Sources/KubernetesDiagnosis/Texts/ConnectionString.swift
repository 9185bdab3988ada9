import Foundation

/// Whom a string of settings names: `Host=pg;Port=5432;Database=shop` (ADO.NET), `Server=tcp:db.example.com,1433;…` (SQL Server),
/// `host=pg port=5432 dbname=shop` (libpq).
enum ConnectionString {
    private static let hosts: Set<String> = [
        "host", "server", "data source", "datasource", "address", "addr", "network address", "hostname",
    ]

    /// The hosts with the port of each, in their order; empty for any other text.
    static func peers(_ text: String) -> [Peer] {
        guard text.contains("="), !text.contains("://"), text.utf8.count <= 1000 else { return [] }
        let parts = text.contains(";") ? text.split(separator: ";") : text.split(separator: " ")
        var named: Substring?
        var port: Int?
        for part in parts {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { continue }
            let key = sides[0].lowercased().trimmingCharacters(in: .whitespaces)
            let value = Substring(sides[1].trimmingCharacters(in: .whitespaces))
            if hosts.contains(key) { named = named ?? value }
            if key == "port" { port = Int(value) }
        }
        // A single pair may be anything: an option, a label.
        guard parts.count > 1, let named else { return [] }
        let isSQLServer = named.lowercased().hasPrefix("tcp:")
        let list = isSQLServer ? [named.dropFirst(4)] : named.split(separator: ",").filter { Int($0) == nil }
        return list.compactMap { entry -> Peer? in
            let ends = entry.split { ":,".contains($0) }
            guard let host = ends.first.map({ $0.lowercased() }), Peer.isHost(host) else { return nil }
            let own = ends.count == 2 ? Int(ends[1]) : nil
            let behind = named.split(separator: ",").dropFirst().first.flatMap { Int($0) }
            return Peer(host: host, port: own ?? behind ?? port)
        }
    }
}
