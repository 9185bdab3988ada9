import Core
import Kubernetes

// delete, and delete of collections.
extension TwinAPI {
    private func deleteOptions(_ context: RequestContext) throws(APIFailure) -> (options: DeleteOptions, isDryRun: Bool) {
        var options = DeleteOptions()
        var isDryRun = context.isDryRun
        options.gracePeriodSeconds = context.request["gracePeriodSeconds"].flatMap { Int($0) }
        let propagation = context.request["propagationPolicy"]
        options.propagation = propagation.flatMap(DeleteOptions.Propagation.init(rawValue:))
        if let text = context.request["gracePeriodSeconds"], Int64(text) == nil { throw RequestOptions.noNumber(text) }
        guard !context.request.body.isEmpty else {
            try RequestOptions.checkDelete(dryRun: context.request.all("dryRun"), propagation: propagation, orphans: nil)
            return (options, isDryRun)
        }
        let body = try deleteBody(context)
        try RequestOptions.checkDelete(
            dryRun: (body["dryRun"]?.array ?? []).compactMap(\.string), propagation: body["propagationPolicy"]?.string,
            orphans: body["orphanDependents"]?.bool)
        if let seconds = body["gracePeriodSeconds"]?.int { options.gracePeriodSeconds = seconds }
        if let policy = body["propagationPolicy"]?.string { options.propagation = DeleteOptions.Propagation(rawValue: policy) }
        if body["orphanDependents"]?.bool == true { options.propagation = .orphan }
        options.uid = body[at: "preconditions", "uid"]?.string
        options.resourceVersion = body[at: "preconditions", "resourceVersion"]?.string
        isDryRun = isDryRun || (body["dryRun"]?.array ?? []).contains("All")
        return (options, isDryRun)
    }

    /// The options as they stand in a body. What is wrong with them comes without a reason, as with every error that the real server does not expect.
    private func deleteBody(_ context: RequestContext) throws(APIFailure) -> JSON {
        let media = try mediaType(context)
        let body: JSON
        do {
            body = try JSON(requestBody: context.request.body, allowsYAML: media == "application/yaml")
        } catch {
            let why = GoJSONError.text(context.request.body) ?? error.message
            throw APIFailure(500, "", "couldn't get version/kind; json parse error: \(why)")
        }
        guard body.object != nil else {
            throw APIFailure(
                500, "",
                "couldn't get version/kind; json parse error: json: cannot unmarshal \(TwinAPI.goKind(body)) into Go value of type \(TwinAPI.typeMeta)"
            )
        }
        if let kind = body["kind"]?.string, !kind.isEmpty, kind != "DeleteOptions" {
            throw APIFailure(500, "", "decoded object cannot be converted to DeleteOptions")
        }
        if let problem = SchemaCheck(body, schema: schemas["DeleteOptions"]).problem { throw APIFailure(500, "", problem) }
        return body
    }

    /// Kinds whose delete answers with the object that is gone (ReturnDeletedObject of their storage).
    private static let toldWhole: Set<ResourceType> = [
        .pods, .namespaces, .services, .serviceAccounts, .persistentVolumeClaims, .persistentVolumes, .resourceQuotas, .storageClasses,
    ]

    func delete(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let (options, isDryRun) = try deleteOptions(context)
        let key = context.target.key
        guard state.store.get(key) != nil else { throw notFound(context) }
        if key.type == .namespaces, ["default", "kube-system", "kube-public"].contains(key.name) {
            throw APIFailure.forbidden(key, "this namespace may not be deleted")
        }
        if let object = state.store.get(key) {
            try Webhooks.check(object, key, operation: "DELETE", .mutating, state.store)
            try AdmissionPolicies.check(admission(context, "DELETE", new: nil, old: object), state.store, warnings: &context.warnings)
            try Webhooks.check(object, key, operation: "DELETE", .validating, state.store)
        }
        if key.type == .customResourceDefinitions, !isDryRun, let definition = state.store.get(key) {
            return respond(200, try retire(key, definition, &state, now: context.now), context, state)
        }
        let last: JSON
        let isGone: Bool
        if isDryRun {
            var copy = state.store
            last = try copy.delete(key, options: options, now: context.now)
            isGone = copy.get(key) == nil
        } else {
            last = try state.store.delete(key, options: options, now: context.now)
            if key.type == .clusterRoles { AggregatedRoles.refresh(&state.store, now: context.now) }
            isGone = state.store.get(key) == nil
        }
        if !isGone || TwinAPI.toldWhole.contains(key.type) { return respond(200, last, context, state) }
        var details: JSON = ["name": .string(key.name)]
        if !context.resource.type.group.isEmpty { details["group"] = .string(context.resource.type.group) }
        details["kind"] = .string(key.type.plural)
        details["uid"] = last[at: "metadata", "uid"]
        return .json(200, ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details])
    }

    func deleteCollection(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let (options, isDryRun) = try deleteOptions(context)
        let selection = try RequestSelection(context)
        let objects = state.store.list(context.resource.storage, namespace: context.target.namespace).filter(selection.matches)
        for object in objects {
            try AdmissionPolicies.check(admission(context, "DELETE", new: nil, old: object), state.store, warnings: &context.warnings)
        }
        if !isDryRun {
            for object in objects {
                let key = ObjectKey(
                    type: context.resource.storage, namespace: object[at: "metadata", "namespace"]?.string ?? "",
                    name: object[at: "metadata", "name"]?.string ?? "")
                _ = try state.store.delete(key, options: options, now: context.now)
            }
        }
        return collection(objects, metadata: ["resourceVersion": .string(String(state.store.resourceVersion))], context)
    }

    /// Marks a definition, then removes its objects and itself. Returns what the client is told.
    private func retire(_ key: ObjectKey, _ definition: JSON, _ state: inout ClusterState, now: Timestamp) throws(APIFailure) -> JSON {
        var marked = definition
        marked[at: "metadata", "finalizers"] = [.string(DefinitionStatus.cleanup)]
        marked[at: "metadata", "resourceVersion"] = nil
        _ = try state.store.update(marked, key: key, now: now)
        marked = try state.store.delete(key, options: DeleteOptions(), now: now)
        var answer = marked
        answer["status"] = DefinitionStatus.terminating(marked, now: now)
        answer[at: "metadata", "deletionGracePeriodSeconds"] = nil
        for resource in APIResources.custom(definition) {
            for object in state.store.list(resource.storage, namespace: nil) {
                let inner = ObjectKey(
                    type: resource.storage, namespace: object[at: "metadata", "namespace"]?.string ?? "",
                    name: object[at: "metadata", "name"]?.string ?? "")
                if state.store.get(inner) != nil { _ = try state.store.delete(inner, options: DeleteOptions(), now: now) }
            }
        }
        marked[at: "metadata", "finalizers"] = nil
        marked[at: "metadata", "resourceVersion"] = nil
        _ = try state.store.update(marked, key: key, now: now)
        // Others may have waited for its names.
        for other in state.store.list(.customResourceDefinitions, namespace: nil) where DefinitionStatus.isRefused(other) {
            try establish(other, &state, now: now)
        }
        return answer
    }
}
