import Core
import Kubernetes

/// The frames of changes that are sent to several watches: each is encoded once.
struct SharedFrames {
    private struct Key: Hashable {
        let resource: ResourceType
        let form: Representation
        let type: String
        let version: Int64
    }

    private var frames: [Key: [UInt8]] = [:]

    /// The frame of a change for a watch. Tables differ by more than the form, and are encoded for each.
    mutating func frame(
        _ event: (type: String, object: JSON), of change: StoreChange, for request: WatchRequest, now: Timestamp, first: Bool
    ) -> [UInt8] {
        guard request.form.form != .table else { return request.frame(event.type, event.object, now: now, first: first) }
        let key = Key(resource: request.resource.type, form: request.form, type: event.type, version: change.version)
        if let frame = frames[key] { return frame }
        let frame = request.frame(event.type, event.object, now: now, first: first)
        frames[key] = frame
        return frame
    }
}
