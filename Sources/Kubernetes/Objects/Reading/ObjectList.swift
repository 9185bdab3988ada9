package import Core

/// A list as the API server sends it: the items of a typed list carry no `kind` and `apiVersion` of their own.
package struct ObjectList<Item: JSONReadable>: JSONReadable {
    package var apiVersion = ""
    package var kind = ""
    package var metadata = ListMeta()
    package var items: [Item] = []

    package init() {}

    package init(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "apiVersion": apiVersion = try r.text() ?? ""
            case "kind": kind = try r.text() ?? ""
            case "metadata": metadata = try r.read() ?? ListMeta()
            case "items":
                items.reserveCapacity(500)
                r.context = Repeats()
                defer { r.context = nil }
                try r.elements { (r) throws(JSONError) in if let item = try r.read(Item.self) { items.append(item) } }
            default: try r.skip()
            }
        }
    }
}
