import Core
import Kubernetes

extension TwinAPI {
    func patch(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let media = (context.request.headers["content-type"] ?? "").split(separator: ";").first.map { String($0).trimmingSpaces } ?? ""
        if media == "application/apply-patch+yaml" { return try apply(&context, state: &state) }
        guard ["application/json-patch+json", "application/merge-patch+json", TwinAPI.strategic].contains(media)
        else {
            throw APIFailure(415, "UnsupportedMediaType", "415: Unsupported Media Type", hasDetails: true)
        }
        try RequestOptions.check(context.request, kind: "PatchOptions")
        if context.resource.custom != nil, media == TwinAPI.strategic {
            throw TwinAPI.unsupported("application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
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
            throw APIFailure.badRequest("error decoding patch: \(GoJSONError.text(context.request.body) ?? error.description)")
        }
        var result: JSON
        switch media {
        case "application/json-patch+json":
            guard document.array != nil || document.isNull else { throw undecodable(document, as: "[]handlers.jsonPatchOp") }
            do {
                result = document.isNull ? served : try JSONPatch(document).apply(to: served)
            } catch {
                throw APIFailure(422, "Invalid", "the server rejected our request due to an error in our request", hasDetails: true)
            }
        case _ where document.object == nil: throw undecodable(document, as: "map[string]interface {}")
        case "application/merge-patch+json": result = served.merging(patch: document)
        default: result = StrategicMergePatch(kind: resource.type.kind, apiVersion: resource.groupVersion).apply(document, to: served)
        }
        let schema = schemas.schema(kind: resource.type.kind, group: resource.type.group, version: resource.type.version)
        let check = SchemaCheck(result, schema: schema)
        let isStrategic = media == TwinAPI.strategic
        // A strategic patch is laid over a Go map, the others over text.
        let quoted = isStrategic ? TwinAPI.goMap(document) : result.text()
        if let problem = isStrategic ? check.restoreProblem : check.problem { throw TwinAPI.undecodable(quoted, problem) }
        let doubled = TwinAPI.doubled(inPatch: context, media: media)
        if context.request["fieldValidation"] == "Strict" {
            let fields = doubled + (resource.custom == nil ? check.unknown : []).map { "unknown field \"\($0)\"" }
            if !fields.isEmpty {
                throw TwinAPI.undecodable(quoted, "strict decoding error: \(fields.joined(separator: ", "))")
            }
        }
        context.warnings += doubled
        try checkPlace(result, context)
        result = try checked(result, &context)
        if let uid = result[at: "metadata", "uid"]?.string, !uid.isEmpty, uid != served[at: "metadata", "uid"]?.string {
            var validation = Validation()
            validation.invalid("metadata.uid", .string(uid), "field is immutable")
            throw APIFailure.invalid(resource.type, name: context.target.name ?? "", causes: validation.causes)
        }
        return ServedForm.stored(result, resource)
    }

    private static let strategic = "application/strategic-merge-patch+json"

    /// A value as Go prints it: `map[spec:map[replicas:three]]`.
    static func goMap(_ value: JSON) -> String {
        switch value {
        case .object(let members):
            "map[" + members.keys.sorted().map { "\($0):\(goMap(members[$0] ?? .null))" }.joined(separator: " ") + "]"
        case .array(let list): "[" + list.map(goMap).joined(separator: " ") + "]"
        case .string(let text): text
        case .null: "<nil>"
        default: value.text()
        }
    }

    /// A patched object that its type cannot take.
    static func undecodable(_ patched: String, _ problem: String) -> APIFailure {
        let text = "\(JSON.string(patched).text()): \(problem)"
        return APIFailure(
            422, "Invalid", " \"\" is invalid: patch: Invalid value: \(text)",
            causes: [.init(reason: "FieldValueInvalid", message: "Invalid value: \(text)", field: "patch")])
    }

    private func undecodable(_ document: JSON, as type: String) -> APIFailure {
        return APIFailure.badRequest(
            "error decoding patch: json: cannot unmarshal \(TwinAPI.goKind(document)) into Go value of type \(type)")
    }

    /// Whether a document is of the object that its path names.
    func checkPlace(_ object: JSON, _ context: RequestContext) throws(APIFailure) {
        let name = object[at: "metadata", "name"]?.string ?? ""
        let wanted = context.target.name ?? ""
        if name.isEmpty {
            throw APIFailure.badRequest(
                "the name of the object (\(wanted) based on URL) was undeterminable: name must be provided")
        }
        if name != wanted {
            throw APIFailure.badRequest("the name of the object (\(name)) does not match the name on the URL (\(wanted))")
        }
        if let namespace = object[at: "metadata", "namespace"]?.string, !namespace.isEmpty, let home = context.target.namespace,
            namespace != home
        {
            throw APIFailure.badRequest(
                "the namespace of the object (\(namespace)) does not match the namespace on the request (\(home))")
        }
    }

    /// Server-side apply: merges by ownership, makes the object when there is none.
    private func apply(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let resource = context.resource
        try RequestOptions.check(context.request, kind: "PatchOptions", isApply: true)
        let manager = context.request["fieldManager"] ?? ""
        var document = try JSON(requestBody: context.request.body, allowsYAML: true)
        try TwinAPI.checkApplied(&context)
        guard document.object != nil else {
            throw APIFailure.badRequest(
                "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal \(TwinAPI.goKind(document)) into Go value of type "
                    + "map[string]interface {}")
        }
        let version = document["apiVersion"]?.string ?? ""
        guard version == resource.groupVersion else {
            throw APIFailure.badRequest(
                "Incorrect version specified in apply patch. Specified patch version: \(version), expected: \(resource.groupVersion)")
        }
        if document[at: "metadata", "managedFields"]?.array?.isEmpty == false {
            throw APIFailure.badRequest("metadata.managedFields must be nil")
        }
        let schema = schemas.schema(kind: resource.type.kind, group: resource.type.group, version: resource.type.version)
        if let problem = ApplyCheck.problem(document, schema: schema) {
            throw APIFailure(
                500, "",
                "failed to create typed patch object (\(document[at: "metadata", "namespace"]?.string ?? "")/\(context.target.name ?? ""); "
                    + "\(resource.groupVersion), Kind=\(resource.type.kind)): \(problem)")
        }
        if document[at: "metadata", "name"] == nil { document[at: "metadata", "name"] = .string(context.target.name ?? "") }
        try checkPlace(document, context)
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
