package import Core

/// One revision of a StatefulSet or DaemonSet; `data` is a patch that holds its template.
package struct ControllerRevision: KubernetesResource, Equatable {
    package static let type = ResourceType.controllerRevisions

    @Shared package var metadata: ObjectMeta
    package var revision = 0
    package var data: JSON?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "revision": revision = try r.int() ?? 0
            case "data": data = try r.json()
            default: try r.skip()
            }
        }
    }
}
