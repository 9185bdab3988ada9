package import Core
package import Kubernetes

/// A refusal as the API server words it: the parts of a `Status` object (api-conventions.md, "Response Status Kind").
package struct APIFailure: Error, Sendable, Equatable {
    package struct Cause: Sendable, Equatable {
        package var reason: String
        package var message: String
        package var field: String?

        package init(reason: String, message: String, field: String? = nil) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// The HTTP status.
    package var code: Int
    /// Empty where the real server gives none.
    package var reason: String
    package var message: String
    package var name: String?
    package var group: String?
    package var kind: String?
    package var uid: String?
    package var causes: [Cause]
    /// Seconds after which asking again makes sense.
    package var retryAfter: Int?
    /// Whether `details` stands in the answer although it is empty.
    package var hasDetails: Bool
    /// The token with which an expired listing can go on.
    package var continueToken: String?

    package init(
        _ code: Int, _ reason: String, _ message: String, name: String? = nil, group: String? = nil, kind: String? = nil,
        uid: String? = nil, causes: [Cause] = [], retryAfter: Int? = nil, hasDetails: Bool = false, continueToken: String? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.name = name
        self.group = group
        self.kind = kind
        self.uid = uid
        self.causes = causes
        self.retryAfter = retryAfter
        self.hasDetails = hasDetails
        self.continueToken = continueToken
    }

    /// The `Status` object, keys in the order of the real server.
    package var status: JSON {
        var metadata: JSON = [:]
        if let continueToken { metadata["continue"] = .string(continueToken) }
        var answer: JSON = [
            "kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure", "message": .string(message),
        ]
        if !reason.isEmpty { answer["reason"] = .string(reason) }
        var details: JSON = [:]
        if let name, !name.isEmpty { details["name"] = .string(name) }
        if let group, !group.isEmpty { details["group"] = .string(group) }
        if let kind, !kind.isEmpty { details["kind"] = .string(kind) }
        if let uid { details["uid"] = .string(uid) }
        if !causes.isEmpty {
            details["causes"] = .array(
                causes.map { cause in
                    var item: JSON = [:]
                    if !cause.reason.isEmpty { item["reason"] = .string(cause.reason) }
                    item["message"] = .string(cause.message)
                    if let field = cause.field { item["field"] = .string(field) }
                    return item
                })
        }
        if let retryAfter { details["retryAfterSeconds"] = JSON(retryAfter) }
        if hasDetails || details.object?.isEmpty == false { answer["details"] = details }
        answer["code"] = JSON(code)
        return answer
    }
}

extension APIFailure {
    /// `pods`, `deployments.apps`.
    static func resource(_ type: ResourceType) -> String { type.group.isEmpty ? type.plural : "\(type.plural).\(type.group)" }
    /// `Pod`, `Deployment.apps`.
    static func kind(_ type: ResourceType) -> String { type.group.isEmpty ? type.kind : "\(type.kind).\(type.group)" }

    package static func notFound(_ key: ObjectKey) -> APIFailure {
        APIFailure(
            404, "NotFound", "\(resource(key.type)) \"\(key.name)\" not found", name: key.name, group: key.type.group, kind: key.type.plural
        )
    }

    package static func alreadyExists(_ key: ObjectKey) -> APIFailure {
        APIFailure(
            409, "AlreadyExists", "\(resource(key.type)) \"\(key.name)\" already exists", name: key.name, group: key.type.group,
            kind: key.type.plural)
    }

    package static func conflict(_ key: ObjectKey, _ why: String = staleVersion) -> APIFailure {
        APIFailure(
            409, "Conflict", "Operation cannot be fulfilled on \(resource(key.type)) \"\(key.name)\": \(why)", name: key.name,
            group: key.type.group, kind: key.type.plural)
    }

    package static let staleVersion = "the object has been modified; please apply your changes to the latest version and try again"

    /// A precondition of a delete that does not hold; the real server names the kind here, not the resource.
    package static func precondition(_ key: ObjectKey, field: String, wanted: String, found: String) -> APIFailure {
        APIFailure(
            409, "Conflict",
            "Operation cannot be fulfilled on \(kind(key.type)) \"\(key.name)\": the \(field) in the precondition (\(wanted)) does not match "
                + "the \(field) in record (\(found)). The object might have been deleted and then recreated",
            name: key.name, group: key.type.group, kind: key.type.kind)
    }

    /// 422 with one cause per field.
    package static func invalid(_ type: ResourceType, name: String, causes: [Cause]) -> APIFailure {
        var parts: [String] = []
        for cause in causes {
            let text = "\(cause.field ?? "<nil>"): \(cause.message)"
            if !parts.contains(text) { parts.append(text) }
        }
        let list = parts.count == 1 ? parts[0] : "[\(parts.joined(separator: ", "))]"
        return APIFailure(
            422, "Invalid", "\(kind(type)) \"\(name)\" is invalid: \(list)", name: name, group: type.group, kind: type.kind, causes: causes)
    }

    package static func badRequest(_ message: String) -> APIFailure { APIFailure(400, "BadRequest", message) }

    package static func forbidden(_ key: ObjectKey, _ why: String) -> APIFailure {
        APIFailure(
            403, "Forbidden", "\(resource(key.type)) \"\(key.name)\" is forbidden: \(why)", name: key.name, group: key.type.group,
            kind: key.type.plural)
    }
}
