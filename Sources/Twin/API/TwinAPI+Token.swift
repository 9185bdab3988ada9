import Core
import Kubernetes

// Tokens of service accounts, by request (pkg/registry/core/serviceaccount/storage/token.go).
extension TwinAPI {
    func token(_ context: RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let key = context.target.key
        var answer = try JSON(requestBody: context.request.body, allowsYAML: true)
        try checkNamespace(answer, context)
        let seconds = answer[at: "spec", "expirationSeconds"]?.int ?? 3600
        try TwinAPI.checkLifetime(seconds)
        guard let account = state.store.get(key) else { throw notFound(context) }
        let asked = (answer[at: "spec", "audiences"]?.array ?? []).compactMap(\.string)
        let audiences = asked.isEmpty ? [TokenSigner.issuer] : asked
        let uid = account[at: "metadata", "uid"]?.string ?? ""
        var claimed: JSON = [
            "namespace": .string(key.namespace), "serviceaccount": ["name": .string(key.name), "uid": .string(uid)],
        ]
        if let reference = answer[at: "spec", "boundObjectRef"], !reference.isNull {
            let bound = try bound(reference, to: key, state.store)
            claimed[bound.member] = bound.claim
        }
        let id = state.store.uid()
        let claims: JSON = [
            "aud": JSON(audiences), "exp": .integer(context.now.wholeSeconds + Int64(seconds)), "iat": .integer(context.now.wholeSeconds),
            "iss": .string(TokenSigner.issuer), "jti": .string(id), "kubernetes.io": claimed, "nbf": .integer(context.now.wholeSeconds),
            "sub": .string("system:serviceaccount:\(key.namespace):\(key.name)"),
        ]
        let token: String
        do { token = try state.tokenSigner.token(claims) } catch {
            throw APIFailure(500, "InternalError", "Internal error occurred: failed to sign the token: \(error)")
        }
        // A token for somebody else proves nothing to the API server.
        if audiences.contains(TokenSigner.issuer) {
            var user = UserInfo.serviceAccount(namespace: key.namespace, name: key.name, uid: uid)
            user.credential = "JTI=\(id)"
            state.tokens[token] = user
        }
        answer["kind"] = "TokenRequest"
        answer["apiVersion"] = "authentication.k8s.io/v1"
        answer["metadata"] = [
            "name": .string(key.name), "namespace": .string(key.namespace), "creationTimestamp": .string(context.now.rfc3339()),
        ]
        answer["spec"] = [
            "audiences": JSON(audiences), "expirationSeconds": JSON(seconds),
            "boundObjectRef": answer[at: "spec", "boundObjectRef"] ?? .null,
        ]
        answer["status"] = [
            "token": .string(token), "expirationTimestamp": .string((context.now + .seconds(seconds)).rfc3339()),
        ]
        return .json(201, answer)
    }

    /// ValidateTokenRequest of pkg/apis/authentication/validation.
    private static func checkLifetime(_ seconds: Int) throws(APIFailure) {
        var validation = Validation()
        if seconds < 600 { validation.invalid("spec.expirationSeconds", JSON(seconds), "may not specify a duration less than 10 minutes") }
        if seconds > 1 << 32 {
            validation.invalid("spec.expirationSeconds", JSON(seconds), "may not specify a duration larger than 2^32 seconds")
        }
        guard !validation.causes.isEmpty else { return }
        let type = ResourceType(group: "authentication.k8s.io", version: "v1", plural: "", kind: "TokenRequest", isNamespaced: true)
        throw APIFailure.invalid(type, name: "", causes: validation.causes)
    }

    /// What a token says of the object with which it ends.
    private func bound(_ reference: JSON, to account: ObjectKey, _ store: ObjectStore) throws(APIFailure) -> (member: String, claim: JSON) {
        let name = reference["name"]?.string ?? ""
        let version = reference["apiVersion"]?.string ?? ""
        let type: ResourceType
        switch (version, reference["kind"]?.string ?? "") {
        case ("v1", "Pod"): type = .pods
        case ("v1", "Secret"): type = .secrets
        case ("v1", "Node"): type = .nodes
        case (_, let kind):
            throw APIFailure.badRequest(
                "cannot bind token to object of type \(version.contains("/") ? "" : "/")\(version), Kind=\(kind)")
        }
        let key = ObjectKey(type: type, namespace: type.isNamespaced ? account.namespace : "", name: name)
        guard let object = store.get(key) else { throw APIFailure.notFound(key) }
        if type == .pods, (object[at: "spec", "serviceAccountName"]?.string ?? "") != account.name {
            throw APIFailure.badRequest(
                "cannot bind token for serviceaccount \(JSON.string(account.name).text()) to pod running with different serviceaccount name."
            )
        }
        let uid = object[at: "metadata", "uid"]
        if let wanted = reference["uid"]?.string, !wanted.isEmpty, wanted != uid?.string {
            throw APIFailure.conflict(
                key,
                "the UID in the bound object reference (\(wanted)) does not match the UID in record. The object might have been deleted and then "
                    + "recreated")
        }
        return (type.kind.lowercased(), ["name": .string(name), "uid": uid ?? ""])
    }
}
