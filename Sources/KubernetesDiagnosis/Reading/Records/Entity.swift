package import Core

/// A thing of any platform: a line of `entities.jsonl` (SNAPSHOT.md).
package struct Entity: Sendable, Hashable {
    package let path: EntityPath
    package let kind: String
    package let labels: [String: String]
    package let state: JSON

    /// Nil where `path` is no entity path.
    init?(json: JSON) {
        guard let path = json["path"]?.string.flatMap({ EntityPath($0) }) else { return nil }
        self.path = path
        kind = json["kind"]?.string ?? path.kind
        labels = json["labels"].texts
        state = json["state"] ?? [:]
    }
}

/// How two things belong together: a line of `relations.jsonl` (SNAPSHOT.md).
package struct EntityRelation: Sendable, Hashable {
    package let from: EntityPath
    package let to: EntityPath
    package let kind: String

    /// Nil where `from` or `to` is no entity path.
    init?(json: JSON) {
        guard let from = json["from"]?.string.flatMap({ EntityPath($0) }), let to = json["to"]?.string.flatMap({ EntityPath($0) }) else {
            return nil
        }
        self.from = from
        self.to = to
        kind = json["kind"]?.string ?? ""
    }
}
