import Core
import Kubernetes

/// A watch that a client wants: what it selects, how it is shown, from where.
struct WatchRequest: Sendable {
    let resource: APIResource
    let namespace: String?
    let selection: RequestSelection
    let form: Representation
    let includeObject: String?
    /// Objects that are sent first as `ADDED`.
    let initial: [JSON]
    /// Changes after this version follow.
    let version: Int64
    let bookmarks: Bool
    /// Ends the first part by a bookmark that says so.
    let marksInitialEnd: Bool
    /// When the server ends the stream.
    let deadline: Timestamp?
    /// Sent instead of anything else.
    let failure: APIFailure?

    /// The type of a change as this watch sees it; nil when it does not concern it.
    func event(_ change: StoreChange) -> (type: String, object: JSON)? {
        guard change.key.type == resource.storage, namespace == nil || change.key.namespace == namespace else { return nil }
        let now = change.kind != .deleted && selection.matches(change.object)
        let before = change.previous.map(selection.matches) ?? false
        switch (before, now) {
        case (false, true): return ("ADDED", change.object)
        case (true, true): return ("MODIFIED", change.object)
        case (true, false):
            if change.kind == .deleted { return ("DELETED", change.object) }
            // It left the selection: its last matching state under the new version.
            var last = change.previous ?? change.object
            last[at: "metadata", "resourceVersion"] = change.object[at: "metadata", "resourceVersion"]
            return ("DELETED", last)
        case (false, false): return nil
        }
    }

    /// One event as it is sent.
    func frame(_ type: String, _ object: JSON, now: Timestamp, first: Bool) -> [UInt8] {
        let shown: JSON =
            switch form.form {
            case .whole: ServedForm.served(object, resource)
            case .partialMetadata: Table.partial(object)
            case .table:
                Table.of(resource).json(
                    [object], metadata: ["resourceVersion": object[at: "metadata", "resourceVersion"] ?? ""], now: now,
                    includeObject: includeObject, withColumns: first)
            }
        return line(type, shown)
    }

    func bookmark(version: Int64, initialEnd: Bool) -> [UInt8] {
        var metadata: JSON = ["resourceVersion": .string(String(version)), "creationTimestamp": .null]
        if initialEnd { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        var object: JSON = ["kind": .string(resource.type.kind), "apiVersion": .string(resource.groupVersion), "metadata": metadata]
        switch form.form {
        case .whole: break
        case .partialMetadata: object["kind"] = "PartialObjectMetadata"; object["apiVersion"] = "meta.k8s.io/v1"
        case .table:
            object = [
                "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": ["resourceVersion": .string(String(version))],
                "columnDefinitions": .null,
                "rows": [
                    ["cells": [], "object": ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata]]
                ],
            ]
        }
        return line("BOOKMARK", object)
    }

    func errorFrame(_ failure: APIFailure) -> [UInt8] { line("ERROR", failure.status) }

    private func line(_ type: String, _ object: JSON) -> [UInt8] {
        if form.isProtobuf, let frame = ProtobufBody.frame(type, object) { return frame }
        return (["type": .string(type), "object": object] as JSON).serialized() + [0x0A]
    }
}

extension TwinAPI {
    func watch(_ context: RequestContext, _ state: ClusterState) throws(APIFailure) -> WatchRequest {
        let request = context.request
        let selection = try RequestSelection(context)
        try RequestOptions.checkList(request, isWatch: true)
        let text = request["resourceVersion"] ?? ""
        let wanted = text.isEmpty ? 0 : try RequestOptions.version(text)
        let sendsInitial = request.flag("sendInitialEvents") || (wanted == 0 && request["sendInitialEvents"] != "false")
        var failure: APIFailure?
        if !sendsInitial, wanted > 0, wanted < state.store.compactedVersion {
            failure = APIFailure(410, "Expired", "too old resource version: \(wanted) (\(state.store.compactedVersion))")
        }
        return WatchRequest(
            resource: context.resource, namespace: context.target.namespace, selection: selection,
            form: Representation(accept: request.headers["accept"], of: context.resource), includeObject: request["includeObject"],
            initial: sendsInitial
                ? state.store.list(context.resource.storage, namespace: context.target.namespace).filter(selection.matches) : [],
            version: sendsInitial ? state.store.resourceVersion : wanted, bookmarks: request.flag("allowWatchBookmarks"),
            marksInitialEnd: request.flag("sendInitialEvents") && request.flag("allowWatchBookmarks"),
            deadline: request["timeoutSeconds"].flatMap { Int($0) }.map { context.now + .seconds(max(0, $0)) }, failure: failure)
    }
}
