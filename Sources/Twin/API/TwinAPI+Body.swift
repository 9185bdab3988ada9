import Core
import Kubernetes

// The object that a request brings.
extension TwinAPI {
    static let bodyTypes = "application/json, application/yaml, application/vnd.kubernetes.protobuf"

    /// The object of a request, checked for its kind and its fields, in the form in which it is stored.
    func body(_ context: inout RequestContext) throws(APIFailure) -> JSON {
        let resource = context.resource
        let media = (context.request.headers["content-type"] ?? "application/json").split(separator: ";").first.map {
            String($0).trimmingSpaces
        }
        guard let media, ["application/json", "application/yaml", "*/*"].contains(media) else {
            throw APIFailure(
                415, "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: \(TwinAPI.bodyTypes)")
        }
        var object: JSON
        do {
            object = try JSON(requestBody: context.request.body, allowsYAML: media == "application/yaml")
        } catch {
            let why = GoJSONError.text(context.request.body) ?? error.message
            throw APIFailure.badRequest(
                "the object provided is unrecognized (must be of type \(resource.type.kind)): couldn't get version/kind; json parse error: "
                    + "\(why) (\(String(decoding: context.request.body.prefix(80), as: UTF8.self)))")
        }
        let kind = object["kind"]?.string ?? resource.type.kind
        let version = object["apiVersion"]?.string ?? resource.groupVersion
        guard kind == resource.type.kind, version == resource.groupVersion else {
            let short = version.split(separator: "/").last.map(String.init) ?? version
            throw APIFailure.badRequest(
                kind != resource.type.kind
                    ? "\(kind) in version \"\(short)\" cannot be handled as a \(resource.type.kind): converting (\(short).\(kind)) to "
                        + "(core.\(resource.type.kind)): unknown conversion"
                    : "the API version in the data (\(version)) does not match the expected API version (\(resource.groupVersion))")
        }
        object = try checked(object, &context)
        return ServedForm.stored(object, resource)
    }

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
        if let wrong = check.wrongType { throw APIFailure.badRequest(what + wrong) }
        if let time = MicroTime.problem(in: object) { throw APIFailure.badRequest(what + time) }
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
