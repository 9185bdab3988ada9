import Core
import Kubernetes

extension TwinAPI {
    func patch(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let media = (context.request.headers["content-type"] ?? "").split(separator: ";").first.map { String($0).trimmingSpaces } ?? ""
        if media == "application/apply-patch+yaml" { return try apply(&context, state: &state) }
        guard ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"].contains(media)
        else {
            throw APIFailure(415, "UnsupportedMediaType", "415: Unsupported Media Type", hasDetails: true)
        }
        guard let old = state.store.get(context.target.key) else { throw notFound(context) }
        let changed = try patched(old, media: media, &context)
        return try store(changed: changed, old: old, &context, state: &state)
    }

    /// The object after one of the three kinds of patches, in its stored form.
    func patched(_ old: JSON, media: String, _ context: inout RequestContext) throws(APIFailure) -> JSON {
        let resource = context.resource
        let served = ServedForm.served(old, resource)
        let document: JSON
        do {
            document = try JSON(parsing: context.request.body)
        } catch {
            throw APIFailure.badRequest("error decoding patch: \(error.description)")
        }
        var result: JSON
        switch media {
        case "application/json-patch+json":
            guard document.array != nil else {
                throw APIFailure.badRequest(
                    "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp")
            }
            do {
                result = try JSONPatch(document).apply(to: served)
            } catch {
                throw APIFailure(422, "Invalid", "the server rejected our request due to an error in our request", hasDetails: true)
            }
        case "application/merge-patch+json": result = served.merging(patch: document)
        default: result = StrategicMergePatch(kind: resource.type.kind, apiVersion: resource.groupVersion).apply(document, to: served)
        }
        let schema = schemas.schema(kind: resource.type.kind, group: resource.type.group, version: resource.type.version)
        if let wrong = SchemaCheck(result, schema: schema).wrongType {
            let text = "\(JSON.string(result.text()).text()): \(wrong)"
            throw APIFailure(
                422, "Invalid", " \"\" is invalid: patch: Invalid value: \(text)",
                causes: [.init(reason: "FieldValueInvalid", message: "Invalid value: \(text)", field: "patch")])
        }
        for field in ["name", "namespace"] {
            if let wanted = result[at: "metadata", field], wanted != served[at: "metadata", field] {
                throw APIFailure.badRequest("the \(field) of the object (\(Table.text(wanted))) does not match the \(field) on the URL")
            }
        }
        result = try checked(result, &context)
        return ServedForm.stored(result, resource)
    }

    /// Server-side apply: merges by ownership, makes the object when there is none.
    private func apply(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let resource = context.resource
        guard let manager = context.request["fieldManager"], !manager.isEmpty else {
            let message = "Required value: is required for apply patch"
            throw APIFailure(
                422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: \(message)", group: "meta.k8s.io",
                kind: "PatchOptions",
                causes: [.init(reason: "FieldValueRequired", message: message, field: "fieldManager")])
        }
        var document = try JSON(requestBody: context.request.body, allowsYAML: true)
        if document[at: "metadata", "managedFields"]?.array?.isEmpty == false {
            throw APIFailure.badRequest("metadata.managedFields must be nil")
        }
        let schema = schemas.schema(kind: resource.type.kind, group: resource.type.group, version: resource.type.version)
        let check = SchemaCheck(document, schema: schema)
        if let field = check.unknown.first ?? check.wrongType {
            throw APIFailure(
                500, "",
                "failed to create typed patch object (\(document[at: "metadata", "namespace"]?.string ?? "")/\(context.target.name ?? ""); "
                    + "\(resource.groupVersion), Kind=\(resource.type.kind)): .\(field): field not declared in schema")
        }
        document[at: "metadata", "name"] = .string(context.target.name ?? "")
        if resource.type.isNamespaced { document[at: "metadata", "namespace"] = .string(context.target.namespace ?? "default") }
        document["kind"] = .string(resource.type.kind)
        document["apiVersion"] = .string(resource.groupVersion)
        document = ServedForm.stored(document, resource)
        let storedSchema = schemas.schema(kind: resource.type.kind, group: resource.storage.group, version: resource.storage.version)
        let merger = ServerSideApply(schema: storedSchema, apiVersion: resource.groupVersion, now: context.now)
        let old = state.store.get(context.target.key)
        if let old, let version = document[at: "metadata", "resourceVersion"]?.string,
            version != old[at: "metadata", "resourceVersion"]?.string
        {
            throw APIFailure.conflict(context.target.key)
        }
        let merged = try merger.apply(document, to: old, manager: manager, force: context.request.flag("force"))
        guard let old else { return try store(created: merged, &context, state: &state, operation: "Apply") }
        return try store(changed: merged, old: old, &context, state: &state, records: false)
    }
}
