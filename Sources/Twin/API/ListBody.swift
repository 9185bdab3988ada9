import Core
import Kubernetes

/// The body of a long list, encoded while it is sent: its first bytes leave at once, and the cluster goes on meanwhile.
package struct ListBody: Sendable {
    private let head: [UInt8]
    private let metadata: JSON
    private let objects: [JSON]
    private let resource: APIResource

    /// As many objects as go out together; shorter lists are not worth the trouble.
    static let pieceSize = 100

    /// - Parameter metadata: that of the list.
    init(_ objects: [JSON], metadata: JSON, _ resource: APIResource) {
        var head = ListBody.envelope(metadata, resource, items: []).serialized()
        // What closes the list and the object is the tail of every piecewise body.
        head.removeLast(2)
        self.head = head
        self.metadata = metadata
        self.objects = objects
        self.resource = resource
    }

    /// The whole list as one tree.
    static func whole(_ objects: [JSON], metadata: JSON, _ resource: APIResource) -> JSON {
        envelope(metadata, resource, items: objects.map { item($0, resource) })
    }

    private static func envelope(_ metadata: JSON, _ resource: APIResource, items: [JSON]) -> JSON {
        [
            "kind": .string(resource.type.kind + "List"), "apiVersion": .string(resource.groupVersion), "metadata": metadata,
            "items": .array(items),
        ]
    }

    /// An item of a typed list says neither its kind nor its version.
    private static func item(_ object: JSON, _ resource: APIResource) -> JSON {
        var members = ServedForm.served(object, resource).object ?? [:]
        members.removeValue(forKey: "kind")
        members.removeValue(forKey: "apiVersion")
        return .object(members)
    }

    /// The whole list in protocol buffers, which cannot be sent in pieces: the length stands at its start. nil for a kind without messages.
    var protobuf: [UInt8]? {
        ProtobufBody.encodeList(
            objects.map { ServedForm.served($0, resource) }, metadata: metadata, kind: resource.type.kind + "List",
            apiVersion: resource.groupVersion)
    }

    /// The body in pieces, each made when it is asked for.
    package var pieces: some Sequence<[UInt8]> {
        stride(from: 0, to: objects.count, by: ListBody.pieceSize).lazy.map { start in
            var piece = start == 0 ? head : []
            let end = min(start + ListBody.pieceSize, objects.count)
            for index in start..<end {
                if index > 0 { piece.append(UInt8(ascii: ",")) }
                ListBody.item(objects[index], resource).append(to: &piece)
            }
            if end == objects.count { piece += [UInt8(ascii: "]"), UInt8(ascii: "}")] }
            return piece
        }
    }

    package var bytes: [UInt8] { Array(pieces.joined()) }
}
