import Core
import Kubernetes

extension JSON {
    /// As a Go map is written.
    fileprivate var withSortedMembers: JSON {
        guard case .object(let members) = self else { return self }
        return .object(JSONObject(members.keys.sorted().map { ($0, members[$0] ?? .null) }))
    }
}

extension TwinAPI {
    func patch(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let media = (context.request.headers["content-type"] ?? "").split(separator: ";").first.map { String($0).trimmingSpaces } ?? ""
        if media == "application/apply-patch+yaml" { return try apply(&context, state: &state) }
        guard let kind = PatchDocument.Kind(mediaType: media) else {
            throw APIFailure(415, "UnsupportedMediaType", "415: Unsupported Media Type", hasDetails: true)
        }
        try RequestOptions.check(context.request, kind: "PatchOptions")
        if context.resource.custom != nil, kind == .strategic {
            throw TwinAPI.unsupported("application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
        }
        guard let old = state.store.get(context.target.key) else { throw notFound(context) }
        let changed = try patched(old, kind, &context)
        return try store(changed: changed, old: old, &context, state: &state)
    }

    /// The object after one of the three kinds of patches, in its stored form.
    private func patched(_ old: JSON, _ kind: PatchDocument.Kind, _ context: inout RequestContext) throws(APIFailure) -> JSON {
        let resource = context.resource
        let served = ServedForm.served(old, resource)
        let level = context.request["fieldValidation"]
        let document = try PatchDocument(context.request.body, kind: kind, validates: level != "Ignore")
        var result = try document.applied(to: served, resource)
        let schema = schemas.schema(kind: resource.type.kind, group: resource.type.group, version: resource.type.version)
        let check = SchemaCheck(result, schema: schema)
        let isStrategic = kind == .strategic
        // A strategic patch is laid over a Go map, the others over text, of which the members are written anew.
        let quoted = isStrategic ? TwinAPI.goMap(document.value) : result.withSortedMembers.text()
        if !isStrategic, resource.custom == nil, let problem = kindProblem(result, resource) { throw TwinAPI.undecodable(quoted, problem) }
        if let problem = isStrategic ? check.restoreProblem : check.problem { throw TwinAPI.undecodable(quoted, problem) }
        if level == "Strict", !(document.unknown + check.unknown).isEmpty, resource.custom == nil {
            let fields = (document.unknown + check.unknown.map { "unknown field \"\($0)\"" }).joined(separator: ", ")
            throw TwinAPI.undecodable(quoted, "strict decoding error: \(fields)")
        }
        context.warnings += document.unknown
        try checkPlace(result, context)
        result = try checked(result, &context)
        if let uid = result[at: "metadata", "uid"]?.string, !uid.isEmpty, uid != served[at: "metadata", "uid"]?.string {
            var validation = Validation()
            validation.invalid("metadata.uid", .string(uid), "field is immutable")
            throw APIFailure.invalid(resource.type, name: context.target.name ?? "", causes: validation.causes)
        }
        return ServedForm.stored(result, resource)
    }

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

    /// Whether a document is of the object that its path names.
    func checkPlace(_ object: JSON, _ context: RequestContext) throws(APIFailure) {
        try checkNamespace(object, context)
        let name = object[at: "metadata", "name"]?.string ?? ""
        let wanted = context.target.name ?? ""
        if name.isEmpty {
            throw APIFailure.badRequest(
                "the name of the object (\(wanted) based on URL) was undeterminable: name must be provided")
        }
        if name != wanted {
            throw APIFailure.badRequest("the name of the object (\(name)) does not match the name on the URL (\(wanted))")
        }
    }

    /// Whether a document is of the namespace of its path (rest.EnsureObjectNamespaceMatchesRequestNamespace), which is asked before its name.
    func checkNamespace(_ object: JSON, _ context: RequestContext) throws(APIFailure) {
        guard let given = object[at: "metadata", "namespace"]?.string, !given.isEmpty, let home = context.target.namespace, given != home
        else { return }
        throw APIFailure.badRequest("the namespace of the provided object does not match the namespace sent on the request")
    }

    static func wrongType(_ version: String, _ kind: String) -> APIFailure {
        APIFailure.badRequest("invalid object type: \(version.contains("/") ? "" : "/")\(version), Kind=\(kind)")
    }

    /// What an apply brings, as JSON or YAML.
    func appliedDocument(_ context: RequestContext) throws(APIFailure) -> JSON {
        let document: JSON
        do { document = try JSON(requestBody: context.request.body, allowsYAML: true) } catch {
            let why = GoYAMLError.text(String(decoding: context.request.body, as: UTF8.self)) ?? error.message
            throw APIFailure.badRequest("error decoding YAML: error converting YAML to JSON: \(why)")
        }
        guard document.object != nil else {
            throw APIFailure.badRequest(
                "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal \(TwinAPI.goKind(document)) into "
                    + "Go value of type map[string]interface {}")
        }
        return document
    }

    /// The merged object becomes one of Go's own type, which takes no amount, time or secret that cannot be read.
    private func checkConverted(_ merged: JSON, _ context: RequestContext) throws(APIFailure) {
        let (resource, target) = (context.resource, context.target)
        guard resource.custom == nil else { return }
        let schema = schemas.schema(kind: resource.type.kind, group: resource.storage.group, version: resource.storage.version)
        guard let problem = SchemaCheck(merged, schema: schema).restoreProblem else { return }
        let version = resource.groupVersion.contains("/") ? resource.groupVersion : "/" + resource.groupVersion
        throw APIFailure(
            500, "",
            "failed to convert new object (\(target.namespace ?? "")/\(target.name ?? ""); \(version), Kind=\(resource.type.kind)) to proper "
                + "version (\(resource.groupVersion)): unable to convert unstructured object to \(version), Kind=\(resource.type.kind): \(problem)"
        )
    }

    /// Server-side apply: merges by ownership, makes the object when there is none.
    private func apply(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let resource = context.resource
        try RequestOptions.check(context.request, kind: "PatchOptions", isApply: true)
        let manager = context.request["fieldManager"] ?? ""
        var document = try appliedDocument(context)
        let (version, kind) = (document["apiVersion"]?.string ?? "", document["kind"]?.string ?? "")
        guard version == resource.groupVersion, kind == resource.type.kind else {
            throw TwinAPI.wrongType(version, kind)
        }
        if document[at: "metadata", "managedFields"]?.array?.isEmpty == false {
            throw APIFailure.badRequest("metadata.managedFields must be nil")
        }
        if let problem = ServerSideApply(resource, served: resource.type, now: context.now).problem(document) {
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
        let merger = ServerSideApply(resource, served: resource.storage, now: context.now)
        let old = state.store.get(context.target.key)
        if let old, let version = document[at: "metadata", "resourceVersion"]?.string,
            version != old[at: "metadata", "resourceVersion"]?.string
        {
            throw APIFailure.conflict(context.target.key)
        }
        if old == nil, let uid = document[at: "metadata", "uid"]?.string, !uid.isEmpty {
            throw APIFailure.conflict(
                context.target.key, "uid mismatch: the provided object specified uid \(uid), and no existing object was found")
        }
        let merged = try merger.apply(document, to: old, manager: manager, force: context.request.flag("force"))
        try checkConverted(merged, context)
        guard let old else { return try store(created: merged, &context, state: &state, operation: "Apply") }
        return try store(changed: merged, old: old, &context, state: &state, records: false)
    }
}
