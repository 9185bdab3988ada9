import Core

extension Change {
    /// A line of `changes.jsonl` (SNAPSHOT.md); nil where `entity` is no entity path. Of a Secret only the paths of its fields are kept.
    init?(json: JSON) {
        guard let entity = json["entity"]?.string.flatMap({ EntityPath($0) }) else { return nil }
        let fields = (json["fields"]?.array ?? []).compactMap { field -> FieldChange? in
            guard let path = field["path"]?.string else { return nil }
            guard entity.kind == "Secret" else { return FieldChange(path: path, from: field["from"], to: field["to"]) }
            // That there was a value and is another can be told without them.
            return FieldChange(path: path, from: field["from"].map { _ in "<redacted:old>" }, to: field["to"].map { _ in "<redacted:new>" })
        }
        let revision = json["revision"]
        self.init(
            time: json["time"]?.string.flatMap { Timestamp($0) }, kind: json["kind"]?.string ?? "", entity: entity,
            revision: revision?.string ?? revision?.int.map { "\($0)" }, author: json["author"]?.string, fields: fields,
            source: json["source"]?.string ?? "changes.jsonl")
    }
}
