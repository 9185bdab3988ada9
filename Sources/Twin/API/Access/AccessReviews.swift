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
        case "SelfSubjectAccessReview": answer["status"] = ["allowed": .bool(authorizer.allows(user, Self.request(spec)))]
        case "SubjectAccessReview", "LocalSubjectAccessReview":
            let other = UserInfo(
                name: spec?["user"]?.string ?? "", groups: (spec?["groups"]?.array ?? []).compactMap(\.string) + ["system:authenticated"])
            answer["status"] = ["allowed": .bool(authorizer.allows(other, Self.request(spec)))]
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
