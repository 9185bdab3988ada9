package import Core

/// One revision of a StatefulSet or DaemonSet; its `data` is a patch that holds the template.
package struct ControllerRevision: KubernetesResource, Equatable {
    package static let type = ResourceType.controllerRevisions

    @Shared package var metadata: ObjectMeta
    package var revision = 0
    /// The JSON of `data`: most revisions are never looked into, and a tree is many times as large.
    private var data: [UInt8] = []

    package init() {}

    /// The pod template that it holds, with fields that no type of ours knows; nil where it holds none.
    package var template: JSON? {
        guard var template = (try? JSON(parsing: data))?[at: "spec", "template"] else { return nil }
        template["$patch"] = nil
        return template
    }

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "revision": revision = try r.int() ?? 0
            case "data": data = Array(r.bytes(try r.rawValue()))
            default: try r.skip()
            }
        }
    }
}
