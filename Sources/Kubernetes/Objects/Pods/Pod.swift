package import Core

/// A pod.
package struct Pod: KubernetesResource, Equatable {
    package static let type = ResourceType.pods

    // As `@Shared` would write it but for `_read`: there are many pods, and who asks for one field must not get a copy of all.
    private var sharedMetadata = Shared<ObjectMeta>()
    private var sharedSpec = Shared<PodSpec>()
    private var sharedStatus = Shared<PodStatus>()

    package var metadata: ObjectMeta {
        _read { yield sharedMetadata.wrappedValue }
        _modify { yield &sharedMetadata.wrappedValue }
        set { sharedMetadata.wrappedValue = newValue }
    }
    package var spec: PodSpec {
        _read { yield sharedSpec.wrappedValue }
        _modify { yield &sharedSpec.wrappedValue }
        set { sharedSpec.wrappedValue = newValue }
    }
    package var status: PodStatus {
        _read { yield sharedStatus.wrappedValue }
        _modify { yield &sharedStatus.wrappedValue }
        set { sharedStatus.wrappedValue = newValue }
    }

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
