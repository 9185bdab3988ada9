import Core

/// A question to the server: may I?
package struct AccessQuestion: Sendable, Hashable {
    /// `get`, `list`, `watch`, `patch`, ….
    package var verb: String
    package var type: ResourceType
    package var subresource: String?
    /// Nil: in all namespaces.
    package var namespace: String?
    package var name: String?

    package init(_ verb: String, _ type: ResourceType, subresource: String? = nil, namespace: String? = nil, name: String? = nil) {
        self.verb = verb
        self.type = type
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }
}

/// The server's answer to an ``AccessQuestion``.
package struct AccessAnswer: Sendable, Hashable {
    package let isAllowed: Bool
    package let reason: String
}

extension KubernetesClient {
    /// Asks by a SelfSubjectAccessReview, which stores nothing.
    package func mayI(_ question: AccessQuestion) async throws -> AccessAnswer {
        var attributes: JSON = [
            "verb": .string(question.verb), "group": .string(question.type.group), "version": .string(question.type.version),
            "resource": .string(question.type.plural),
        ]
        attributes["subresource"] = question.subresource.map { .string($0) }
        attributes["namespace"] = question.namespace.map { .string($0) }
        attributes["name"] = question.name.map { .string($0) }
        let review = try await write(
            "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            [
                "kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec": ["resourceAttributes": attributes],
            ])
        return AccessAnswer(isAllowed: review[at: "status", "allowed"]?.bool ?? false, reason: review[at: "status", "reason"]?.string ?? "")
    }

    /// The name by which the server knows this client; nil where it does not tell.
    package func whoAmI() async throws -> String? {
        let review = try await write(
            "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            ["kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1"])
        return review[at: "status", "userInfo", "username"]?.string
    }
}
