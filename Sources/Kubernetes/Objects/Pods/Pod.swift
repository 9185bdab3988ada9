package import Core

/// A pod.
package struct Pod: KubernetesResource, Equatable {
    package static let type = ResourceType.pods

    // As `@Shared` would write it but for `_read`: there are many pods, and who asks for one field must not get a copy of all.
    private var _metadata = Shared<ObjectMeta>()
    private var _spec = Shared<PodSpec>()
    private var _status = Shared<PodStatus>()

    package var metadata: ObjectMeta {
        _read { yield _metadata.wrappedValue }
        _modify { yield &_metadata.wrappedValue }
        set { _metadata.wrappedValue = newValue }
    }
    package var spec: PodSpec {
        _read { yield _spec.wrappedValue }
        _modify { yield &_spec.wrappedValue }
        set { _spec.wrappedValue = newValue }
    }
    package var status: PodStatus {
        _read { yield _status.wrappedValue }
        _modify { yield &_status.wrappedValue }
        set { _status.wrappedValue = newValue }
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

// Asked of every pod at every look: here, where they are read in place.
extension Pod {
    /// Its condition `Ready` is true.
    package var isReady: Bool { status.conditions.contains { $0.type == "Ready" && $0.status == "True" } }

    /// Every container of its specification has a status, and all that have one run and are ready.
    package var allContainersRun: Bool {
        status.containerStatuses.count >= spec.containers.count
            && status.containerStatuses.allSatisfy { $0.ready && $0.state.running != nil }
    }

    /// It is being deleted.
    package var isEnding: Bool { metadata.deletionTimestamp != nil }
}
