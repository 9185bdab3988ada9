package import Core

/// A list as the API server sends it: the items of a typed list carry no `kind` and `apiVersion` of their own.
package struct ObjectList<Item: JSONReadable>: JSONReadable {
    package var apiVersion = ""
    package var kind = ""
    package var metadata = ListMeta()
    package var items: [Item] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "apiVersion": apiVersion = try r.text() ?? ""
            case "kind": kind = try r.text() ?? ""
            case "metadata": metadata = try r.read() ?? ListMeta()
            case "items":
                items.reserveCapacity(500)
                var repeats = Repeats()
                try r.with(&repeats) { (r) throws(JSONError) in try r.append(to: &items) }
            default: try r.skip()
            }
        }
    }
}
