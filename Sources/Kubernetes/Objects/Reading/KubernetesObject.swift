package import Core

/// Any object: its identity and metadata are read at once, everything else stays in `raw` and is read when asked for, so that no
/// unknown field is ever lost.
///
/// The values of a Secret are dropped while reading: `raw` then holds the object with empty values.
package struct KubernetesObject: JSONReadable {
    package var apiVersion = ""
    package var kind = ""
    @Shared package var metadata: ObjectMeta
    /// The object's JSON as it came.
    package var raw: [UInt8] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try read(from: &reader, listKind: "", listVersion: "")
    }

    /// `listKind` and `listVersion` are those of the list around an item that has none of its own: `PodList` makes `Pod`.
    mutating func read(from reader: inout JSONReader, listKind: String, listVersion: String) throws(JSONError) {
        let range = try reader.rawValue()
        let bytes = reader.bytes(range)
        var inner = JSONReader(bytes)
        try inner.members { (r, key) throws(JSONError) in
            switch key {
            case "apiVersion": apiVersion = try r.text() ?? ""
            case "kind": kind = try r.text() ?? ""
            case "metadata": _metadata = try r.shared()
            default: try r.skip()
            }
        }
        if kind.isEmpty && listKind != "List" && listKind.hasSuffix("List") { kind = String(listKind.dropLast(4)) }
        if apiVersion.isEmpty && listKind != "List" { apiVersion = listVersion }
        raw = Array(bytes)
        if kind == "Secret" { raw = Secret.withoutValues(try JSON(parsing: raw)).serialized(); Secret.dropValues(in: &metadata) }
    }

    /// The whole object as a tree.
    package func json() throws(JSONError) -> JSON {
        var json = try JSON(parsing: raw)
        if json["kind"]?.string == nil { json["kind"] = .string(kind) }
        if json["apiVersion"]?.string == nil { json["apiVersion"] = .string(apiVersion) }
        return json
    }

    /// The object as a typed value.
    package func read<Value: JSONReadable>(as type: Value.Type = Value.self) throws(JSONError) -> Value { try Value(parsing: raw) }
}

/// A list of objects of any kinds, also of kind `List` with mixed items.
package struct KubernetesObjectList: JSONReadable {
    package var apiVersion = ""
    package var kind = ""
    package var metadata = ListMeta()
    package var items: [KubernetesObject] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        var ranges: [Range<Int>] = []
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "apiVersion": apiVersion = try r.text() ?? ""
            case "kind": kind = try r.text() ?? ""
            case "metadata": metadata = try r.read() ?? ListMeta()
            case "items":
                try r.elements { (r) throws(JSONError) in
                    if try r.kind() == .object { ranges.append(try r.rawValue()) } else { try r.skip() }
                }
            default: try r.skip()
            }
        }
        // `kind` may stand behind `items`.
        for range in ranges {
            var inner = JSONReader(reader.bytes(range))
            var item = KubernetesObject()
            try item.read(from: &inner, listKind: kind, listVersion: apiVersion)
            items.append(item)
        }
    }
}
