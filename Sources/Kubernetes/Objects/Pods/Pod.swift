package import Core

/// A pod.
package struct Pod: KubernetesResource, Equatable {
    package static let type = ResourceType.pods

    @Shared package var metadata: ObjectMeta
    @Shared package var spec: PodSpec
    @Shared package var status: PodStatus

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": _spec = try r.shared()
            case "status": _status = try r.shared()
            default: try r.skip()
            }
        }
    }
}
