import Core
import Kubernetes

// The object that a request brings.
extension TwinAPI {
    static let bodyTypes = "application/json, application/yaml, application/vnd.kubernetes.protobuf"

    /// The object of a request, checked for its kind and its fields, in the form in which it is stored.
    func body(_ context: inout RequestContext) throws(APIFailure) -> JSON {
        let resource = context.resource
        let media = try mediaType(context)
        try RequestOptions.check(context.request, kind: context.verb == "create" ? "CreateOptions" : "UpdateOptions")
        var object: JSON
        do {
            object = try JSON(requestBody: context.request.body, allowsYAML: media == "application/yaml")
        } catch {
            throw unrecognized(GoJSONError.text(context.request.body) ?? error.message, context)
        }
        try checkKind(object, context)
        object = try checked(object, &context)
        return ServedForm.stored(object, resource)
    }

    /// A body of which not even the kind can be read.
    private func unrecognized(_ why: String, _ context: RequestContext) -> APIFailure {
        let body = context.request.body
        let start = body.prefix(30)
        let shown = body.first == UInt8(ascii: "{") ? String(decoding: start, as: UTF8.self) : Digest.hex(Array(start))
        let summary = body.isEmpty ? "<empty>" : shown + (body.count > 30 ? " ..." : "")
        return APIFailure.badRequest(
            "the object provided is unrecognized (must be of type \(context.resource.type.kind)): couldn't get version/kind; "
                + "json parse error: \(why) (\(summary))")
    }

    /// The media type of a body that the server reads.
    func mediaType(_ context: RequestContext) throws(APIFailure) -> String {
        let media = (context.request.headers["content-type"] ?? "application/json").split(separator: ";").first.map {
            String($0).trimmingSpaces
        }
        guard let media, ["application/json", "application/yaml", "*/*"].contains(media) else {
            throw TwinAPI.unsupported(TwinAPI.bodyTypes)
        }
        return media
    }

    static func unsupported(_ accepted: String) -> APIFailure {
        APIFailure(
            415, "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: \(accepted)")
    }

    /// What Go's decoder calls a value.
    static func goKind(_ value: JSON) -> String {
        switch value {
        case .string: "string"
        case .bool: "bool"
        case .integer, .number: "number"
        case .array: "array"
        case .object: "object"
        case .null: "null"
        }
    }

    /// Custom resources have no type that could stand for a kind that is not said.
    private func checkCustomKind(_ object: JSON, _ context: RequestContext) throws(APIFailure) {
        let resource = context.resource
        let kind = object["kind"]?.string ?? ""
        let version = object["apiVersion"]?.string ?? ""
        if kind.isEmpty {
            let body = context.request.body
            let start = String(decoding: body.prefix(30), as: UTF8.self) + (body.count > 30 ? " ..." : "")
            throw APIFailure.badRequest(
                "the object provided is unrecognized (must be of type \(resource.type.kind)): Object 'Kind' is missing in "
                    + "'\(String(decoding: body, as: UTF8.self))' (\(start))")
        }
        if version != resource.groupVersion {
            throw APIFailure.badRequest(
                "the API version in the data (\(version)) does not match the expected API version (\(resource.groupVersion))")
        }
        if kind != resource.type.kind {
            var validation = Validation()
            validation.invalid("kind", .string(kind), "must be \(resource.type.kind)")
            let found = ResourceType(
                group: resource.type.group, version: resource.type.version, plural: resource.type.plural, kind: kind, isNamespaced: true)
            throw APIFailure.invalid(found, name: object[at: "metadata", "name"]?.string ?? "", causes: validation.causes)
        }
    }

    /// Whether a body is of the kind and version that its path asks for.
    private func checkKind(_ object: JSON, _ context: RequestContext) throws(APIFailure) {
        let resource = context.resource
        guard object.object != nil || object.isNull else {
            throw unrecognized("json: cannot unmarshal \(TwinAPI.goKind(object)) into Go value of type \(TwinAPI.typeMeta)", context)
        }
        if resource.custom != nil { try checkCustomKind(object, context) }
        let (kind, version) = TwinAPI.kind(of: object, resource)
        guard kind != resource.type.kind || version != resource.groupVersion else { return }
        if let problem = kindProblem(object, resource) {
            let short = version.split(separator: "/").last ?? ""
            throw APIFailure.badRequest("\(kind) in version \"\(short)\" cannot be handled as a \(resource.type.kind): \(problem)")
        }
        throw APIFailure.badRequest(
            "the API version in the data (\(version)) does not match the expected API version (\(resource.groupVersion))")
    }

    /// What an object says that it is; where it does not, what its path says.
    private static func kind(of object: JSON, _ resource: APIResource) -> (kind: String, version: String) {
        (
            object["kind"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? resource.type.kind,
            object["apiVersion"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? resource.groupVersion
        )
    }

    /// Why an object cannot become one of the resource's kind, in the words of the scheme; nil where it can.
    func kindProblem(_ object: JSON, _ resource: APIResource) -> String? {
        let (kind, version) = TwinAPI.kind(of: object, resource)
        guard kind != resource.type.kind || version != resource.groupVersion else { return nil }
        if resource.custom == nil, resources.resource(kind: kind, apiVersion: version) == nil {
            return "no kind \"\(kind)\" is registered for version \"\(version)\" in scheme \"\(TwinAPI.scheme)\""
        }
        guard kind != resource.type.kind else { return nil }
        // Events of both groups are one internal type.
        let group = resource.storage.group.split(separator: ".").first.map(String.init) ?? "core"
        let short = version.split(separator: "/").last ?? ""
        return "converting (\(short).\(kind)) to (\(group).\(resource.type.kind)): unknown conversion"
    }

    static let typeMeta =
        #"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#

    /// Where the real server's types are registered, which its messages name.
    private static let scheme = "pkg/api/legacyscheme/scheme.go:30"

    /// Unknown fields are refused, warned of or dropped; a wrong type is refused.
    func checked(_ object: JSON, _ context: inout RequestContext) throws(APIFailure) -> JSON {
        let resource = context.resource
        let what = "\(resource.type.kind) in version \"\(resource.type.version)\" cannot be handled as a \(resource.type.kind): "
        if let custom = resource.custom {
            guard let schema = custom.schema else { return object }
            let (kept, unknown) = schema.pruned(object)
            try unknownFields(unknown, what, &context)
            return schema.withDefaults(kept)
        }
        let schema = schemas.schema(kind: resource.type.kind, group: resource.type.group, version: resource.type.version)
        let check = SchemaCheck(object, schema: schema)
        if let problem = check.problem { throw APIFailure.badRequest(what + problem) }
        try unknownFields(check.unknown, what, &context)
        return Pruning.prune(object, schema: schema)
    }

    private func unknownFields(_ fields: [String], _ what: String, _ context: inout RequestContext) throws(APIFailure) {
        let texts = fields.map { "unknown field \"\($0)\"" }
        switch context.request["fieldValidation"] {
        case _ where texts.isEmpty: break
        case "Strict": throw APIFailure.badRequest(what + "strict decoding error: " + texts.joined(separator: ", "))
        case "Ignore": break
        default: context.warnings += texts
        }
    }
}
