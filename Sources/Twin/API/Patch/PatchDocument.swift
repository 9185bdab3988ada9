import Core
import Kubernetes

/// What stands in the body of a patch. Each of the three kinds is refused in its own words (apiserver endpoints/handlers/patch.go).
struct PatchDocument {
    enum Kind {
        case json, merge, strategic

        init?(mediaType: String) {
            switch mediaType {
            case "application/json-patch+json": self = .json
            case "application/merge-patch+json": self = .merge
            case "application/strategic-merge-patch+json": self = .strategic
            default: return nil
            }
        }
    }

    private static let operationLimit = 10_000

    let kind: Kind
    let value: JSON
    /// Members of operations that no operation has, as they are warned of.
    private(set) var unknown: [String] = []

    /// - Parameter validates: false with `fieldValidation=Ignore`, where nobody reads the document before the patch does.
    init(_ body: [UInt8], kind: Kind, validates: Bool) throws(APIFailure) {
        self.kind = kind
        do { value = try JSON(parsing: body) } catch {
            throw PatchDocument.refusal(GoJSONError.text(body) ?? error.description, kind, validates)
        }
        func mismatch(_ found: JSON, _ type: String) -> APIFailure {
            PatchDocument.refusal("json: cannot unmarshal \(TwinAPI.goKind(found)) into Go value of type \(type)", kind, validates)
        }
        switch kind {
        case .json:
            guard let operations = value.array ?? (value.isNull ? [] : nil) else { throw mismatch(value, "[]handlers.jsonPatchOp") }
            if operations.count > PatchDocument.operationLimit {
                throw APIFailure(
                    413, "RequestEntityTooLarge",
                    "Request entity too large: The allowed maximum operations in a JSON patch is \(PatchDocument.operationLimit), got "
                        + "\(operations.count)")
            }
            for (i, operation) in operations.enumerated() {
                guard case .object(let members) = operation else { throw mismatch(operation, "handlers.jsonPatchOp") }
                guard validates else { continue }
                unknown += members.keys.filter { !["op", "path", "from", "value"].contains($0) }.map {
                    "json patch unknown field \"[\(i)].\($0)\""
                }
            }
        // Go takes null for an empty map; the merge itself does not.
        case .merge where value.isNull: throw APIFailure.badRequest("Invalid JSON Patch")
        case .merge, .strategic: guard value.object != nil || value.isNull else { throw mismatch(value, "map[string]interface {}") }
        }
    }

    private static func refusal(_ why: String, _ kind: Kind, _ validates: Bool) -> APIFailure {
        switch kind {
        case .strategic: APIFailure.badRequest(why)
        case .merge where !validates: APIFailure.badRequest("Invalid JSON Patch")
        case .json where !validates: APIFailure.badRequest(why)
        case .json, .merge: APIFailure.badRequest("error decoding patch: \(why)")
        }
    }

    /// The object after the patch. Throws 422 when an operation of a JSON patch cannot be done.
    func applied(to object: JSON, _ resource: APIResource) throws(APIFailure) -> JSON {
        switch kind {
        case .json:
            if value.isNull { return object }
            do { return try JSONPatch(value).apply(to: object) } catch {
                throw APIFailure(422, "Invalid", "the server rejected our request due to an error in our request", hasDetails: true)
            }
        case .merge: return object.merging(patch: value)
        case .strategic:
            if value.isNull { return object }
            let patch = StrategicMergePatch(kind: resource.type.kind, apiVersion: resource.groupVersion)
            if let problem = patch.problem(value, on: object) { throw APIFailure(500, "", problem) }
            return patch.apply(value, to: object)
        }
    }
}
