package import Core

/// A pod.
package struct Pod: KubernetesResource, Equatable {
    package static let type = ResourceType.pods

    @Shared package var metadata: ObjectMeta
    @Shared package var spec: PodSpec
    @Shared package var status: PodStatus

    package init() {}

    package init(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": metadata = try r.read() ?? ObjectMeta()
            case "spec": spec = try r.read() ?? PodSpec()
            case "status": status = try r.read() ?? PodStatus()
            default: try r.skip()
            }
        }
    }
}
