package import Core

/// One line of a watch.
package enum WatchEvent<Item: KubernetesResource>: Sendable {
    case added(Item)
    case modified(Item)
    case deleted(Item)
    /// Nothing changed up to this version.
    case bookmark(resourceVersion: String)
    /// The server ends the watch; 410 means that the version is too old.
    case failed(APIStatus)
    /// A type of event that is not known.
    case other(String)

    /// Reads one line: `{"type": …, "object": {…}}`, in either order.
    package init(line: [UInt8]) throws(JSONError) {
        self = try JSONReader.read(line) { (r) throws(JSONError) in try WatchEvent.read(&r) }
    }

    private static func read(_ reader: inout JSONReader) throws(JSONError) -> WatchEvent {
        var type = ""
        var object: Range<Int>?
        guard try reader.kind() == .object else { throw JSONError(reader.offset, "expected a watch event") }
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text() ?? ""
            case "object": object = try r.rawValue()
            default: try r.skip()
            }
        }
        guard let object else { throw JSONError(reader.offset, "the watch event has no object") }
        var inner = JSONReader(reader.bytes(object))
        guard try inner.kind() == .object else { throw JSONError(object.lowerBound, "the object of the watch event is none") }
        switch type {
        case "ADDED": return .added(try Item(from: &inner))
        case "MODIFIED": return .modified(try Item(from: &inner))
        case "DELETED": return .deleted(try Item(from: &inner))
        case "BOOKMARK": return .bookmark(resourceVersion: try Item(from: &inner).metadata.resourceVersion)
        case "ERROR": return .failed(try APIStatus(from: &inner))
        default: return .other(type)
        }
    }
}
