package import Core

/// Metadata of a list page.
package struct ListMeta: JSONReadable, Equatable {
    package var resourceVersion = ""
    package var continueToken: String?
    package var remainingItemCount: Int?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "resourceVersion": resourceVersion = try r.text() ?? ""
            case "continue": continueToken = try r.text()
            case "remainingItemCount": remainingItemCount = try r.int()
            default: try r.skip()
            }
        }
    }
}
