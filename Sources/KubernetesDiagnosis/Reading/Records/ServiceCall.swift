package import Core

/// Who calls whom: an element of `calls.json` (SNAPSHOT.md).
package struct ServiceCall: Sendable, Hashable {
    package let from: EntityPath
    package let to: EntityPath
    package let port: Int?

    package init(from: EntityPath, to: EntityPath, port: Int? = nil) {
        self.from = from
        self.to = to
        self.port = port
    }

    /// Nil where `from` or `to` is no entity path.
    init?(json: JSON) {
        guard let from = json["from"]?.string.flatMap({ EntityPath($0) }), let to = json["to"]?.string.flatMap({ EntityPath($0) }) else {
            return nil
        }
        self.init(from: from, to: to, port: json["port"]?.int)
    }
}
