import Core
import Kubernetes

/// The review resources: asked by POST, answered in the object's status, stored nowhere.
struct AccessReviews {
    let authorizer: Authorizer
    let user: UserInfo
    let tokens: [String: UserInfo]
    let now: Timestamp

    /// The answer to a review; nil for a resource that is none.
    func answer(_ review: JSON, resource: APIResource) -> JSON? {
        var answer = review
        answer["apiVersion"] = .string(resource.groupVersion)
        answer["kind"] = .string(resource.type.kind)
        var metadata = review["metadata"] ?? [:]
        if resource.type.kind == "SelfSubjectReview" { metadata["creationTimestamp"] = .string(now.rfc3339()) }
        answer["metadata"] = metadata
        let spec = review["spec"]
        switch resource.type.kind {
        case "SelfSubjectAccessReview": answer["status"] = verdict(user, spec)
        case "SubjectAccessReview", "LocalSubjectAccessReview":
            let other = UserInfo(
                name: spec?["user"]?.string ?? "", groups: (spec?["groups"]?.array ?? []).compactMap(\.string) + ["system:authenticated"])
            answer["status"] = verdict(other, spec)
        case "SelfSubjectRulesReview":
            var rules = authorizer.rules(of: user, namespace: spec?["namespace"]?.string ?? "")
            if user.groups.contains("system:masters") {
                rules = [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]], ["verbs": ["*"], "nonResourceURLs": ["*"]]]
            }
            answer["spec"] = [:]
            answer["status"] = [
                "resourceRules": .array(rules.filter { $0["resources"] != nil }),
                "nonResourceRules": .array(rules.filter { $0["nonResourceURLs"] != nil }), "incomplete": false,
            ]
        case "SelfSubjectReview":
            var info: JSON = ["username": .string(user.name), "groups": JSON(user.groups)]
            if let uid = user.uid { info["uid"] = .string(uid) }
            if let credential = user.credential { info["extra"] = ["authentication.kubernetes.io/credential-id": [.string(credential)]] }
            answer["status"] = ["userInfo": info]
        case "TokenReview":
            if let found = spec?["token"]?.string.flatMap({ tokens[$0] }) {
                var user: JSON = ["username": .string(found.name), "groups": JSON(found.groups)]
                if let uid = found.uid { user["uid"] = .string(uid) }
                answer["status"] = ["authenticated": true, "user": user, "audiences": ["https://kubernetes.default.svc.cluster.local"]]
            } else {
                answer["status"] = ["user": [:], "error": "invalid bearer token"]
            }
        default: return nil
        }
        return answer
    }

    private func verdict(_ user: UserInfo, _ spec: JSON?) -> JSON {
        guard let reason = authorizer.reason(user, Self.request(spec)) else { return ["allowed": false] }
        return reason.isEmpty ? ["allowed": true] : ["allowed": true, "reason": .string(reason)]
    }

    /// What is wrong with a review (pkg/apis/authorization/validation, pkg/registry/authorization and authentication); nil when nothing is.
    static func refusal(_ review: JSON, type: ResourceType, namespace: String?) -> APIFailure? {
        let spec = review["spec"]
        let (resource, path) = (spec?["resourceAttributes"], spec?["nonResourceAttributes"])
        func invalid(_ causes: [APIFailure.Cause]) -> APIFailure? {
            causes.isEmpty ? nil : APIFailure.invalid(type, name: "", causes: causes)
        }
        func cause(_ field: String, _ value: String, _ text: String) -> APIFailure.Cause {
            APIFailure.Cause(reason: "FieldValueInvalid", message: "Invalid value: \(value): \(text)", field: field)
        }
        var causes: [APIFailure.Cause] = []
        switch type.kind {
        case "SelfSubjectAccessReview", "SubjectAccessReview", "LocalSubjectAccessReview":
            if let path, resource != nil {
                let shown: JSON = ["Path": path["path"] ?? "", "Verb": path["verb"] ?? ""]
                causes.append(
                    cause("spec.nonResourceAttributes", shown.text(), "cannot be specified in combination with resourceAttributes"))
            } else if path == nil, resource == nil {
                causes.append(
                    cause(
                        "spec.resourceAttributes", "null",
                        "exactly one of nonResourceAttributes or resourceAttributes must be specified"))
            }
            if type.kind != "SelfSubjectAccessReview", spec?["user"]?.string ?? "" == "", spec?["groups"]?.array?.isEmpty ?? true {
                causes.append(cause("spec.user", "\"\"", "at least one of user or group must be specified"))
            }
            var metadata = review["metadata"]?.withoutEmptyTexts.object ?? [:]
            for key in metadata.keys where metadata[key]?.isNull == true || key == "managedFields" { metadata[key] = nil }
            if type.kind == "LocalSubjectAccessReview" { metadata["namespace"] = nil }
            if !metadata.isEmpty { causes.append(cause("metadata", JSON.object(metadata).text(), "must be empty")) }
            if type.kind == "LocalSubjectAccessReview", let resource, resource["namespace"]?.string ?? "" != namespace ?? "" {
                return APIFailure.badRequest("spec.resourceAttributes.namespace must match namespace: \(namespace ?? "")")
            }
            return invalid(causes)
        case "SelfSubjectRulesReview":
            return spec?["namespace"]?.string ?? "" == "" ? APIFailure.badRequest("no namespace on request") : nil
        case "TokenReview":
            return spec?["token"]?.string ?? "" == ""
                ? APIFailure.badRequest("token is required for TokenReview in authentication") : nil
        default: return nil
        }
    }

    private static func request(_ spec: JSON?) -> AccessRequest {
        if let path = spec?[at: "nonResourceAttributes", "path"]?.string {
            return AccessRequest(verb: spec?[at: "nonResourceAttributes", "verb"]?.string ?? "", path: path)
        }
        let attributes = spec?["resourceAttributes"]
        func text(_ key: String) -> String { attributes?[key]?.string ?? "" }
        return AccessRequest(
            verb: text("verb"), group: text("group"), resource: text("resource"), subresource: text("subresource"),
            namespace: text("namespace"),
            name: text("name"))
    }
}
