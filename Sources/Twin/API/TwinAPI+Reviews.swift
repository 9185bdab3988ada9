import Core
import Kubernetes

// What is asked and never stored: measures, and who may do what.
extension TwinAPI {
    func metrics(_ context: RequestContext, _ state: ClusterState) throws(APIFailure) -> APIAnswer {
        let isPods = context.resource.type.plural == "pods"
        let selection = try RequestSelection(context)
        let name = context.target.name
        let all =
            isPods
            ? state.simulation.podMetricsItems(namespace: context.target.namespace, name: name)
            : state.simulation.nodeMetricsItems(name: name)
        let items = all.filter(selection.matches)
        if let name = context.target.name {
            guard var item = items.first else {
                throw APIFailure(
                    404, "NotFound", "\(context.resource.type.plural).metrics.k8s.io \"\(name)\" not found", name: name,
                    group: "metrics.k8s.io",
                    kind: context.resource.type.plural)
            }
            item["kind"] = .string(context.resource.type.kind)
            item["apiVersion"] = "metrics.k8s.io/v1beta1"
            return .json(200, item)
        }
        return .json(
            200,
            [
                "kind": .string(context.resource.type.kind + "List"), "apiVersion": "metrics.k8s.io/v1beta1", "metadata": [:],
                "items": .array(items),
            ])
    }

    func review(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let body = try JSON(requestBody: context.request.body, allowsYAML: true)
        if let refusal = AccessReviews.refusal(body, type: context.resource.type, namespace: context.target.namespace) { throw refusal }
        let reviews = AccessReviews(authorizer: Authorizer(store: state.store), user: context.user, tokens: state.tokens, now: context.now)
        guard var answer = reviews.answer(body.withoutEmptyTexts, resource: context.resource) else { throw TwinAPI.methodNotAllowed }
        if ["SubjectAccessReview", "LocalSubjectAccessReview", "SelfSubjectAccessReview", "TokenReview"].contains(
            context.resource.type.kind)
        {
            var asked = answer
            asked["status"] = nil
            answer[at: "metadata", "managedFields"] = recorded(old: nil, new: asked, context)[at: "metadata", "managedFields"]
        }
        return .json(201, answer)
    }
}

extension JSON {
    /// Without members that are an empty text, which Go leaves out of these types.
    var withoutEmptyTexts: JSON {
        guard case .object(let members) = self else { return self }
        return .object(JSONObject(members.filter { $0.value != "" }.map { ($0.key, $0.value.withoutEmptyTexts) }))
    }
}
