package import Core

/// A reference to another object, as events, endpoints and claims hold it.
package struct ObjectReference: JSONReadable, Equatable {
    package var apiVersion: String?
    package var kind = ""
    package var namespace: String?
    package var name = ""
    package var uid: String?
    package var fieldPath: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "apiVersion": apiVersion = try r.text()
            case "kind": kind = try r.text() ?? ""
            case "namespace": namespace = try r.text()
            case "name": name = try r.text() ?? ""
            case "uid": uid = try r.text()
            case "fieldPath": fieldPath = try r.text()
            default: try r.skip()
            }
        }
    }
}
