import Core
import Kubernetes

// Evictions, and the other writes below a pod or an account.
extension TwinAPI {
    func evict(_ context: RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let key = context.target.key
        guard let pod = state.store.get(key) else { throw notFound(context) }
        let body = try childBody(of: context, kind: "Eviction", package: "policy")
        let labels = pod[at: "metadata", "labels"]?.stringMap ?? [:]
        let isReady = (pod[at: "status", "conditions"]?.array ?? []).contains { $0["type"] == "Ready" && $0["status"] == "True" }
        let phase = pod[at: "status", "phase"]?.string
        let budgets = state.store.list(.podDisruptionBudgets, namespace: key.namespace).filter {
            let selector = Selectors.labelSelector($0[at: "spec", "selector"])
            return !selector.isEmpty && selector.matches(labels)
        }
        if phase != "Succeeded", phase != "Failed", phase != "Pending", pod[at: "metadata", "deletionTimestamp"] == nil {
            if budgets.count > 1 {
                throw APIFailure(
                    500, "", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
            }
            if let budget = budgets.first {
                let healthy = budget[at: "status", "currentHealthy"]?.int ?? 0
                let wanted = budget[at: "status", "desiredHealthy"]?.int ?? 0
                let mayGo =
                    !isReady && (healthy >= wanted && wanted > 0 || budget[at: "spec", "unhealthyPodEvictionPolicy"] == "AlwaysAllow")
                if !mayGo, (budget[at: "status", "disruptionsAllowed"]?.int ?? 0) < 1 {
                    throw APIFailure(
                        429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.",
                        causes: [
                            .init(
                                reason: "DisruptionBudget",
                                message:
                                    "The disruption budget \(budget[at: "metadata", "name"]?.string ?? "") needs \(wanted) healthy pods and has "
                                    + "\(healthy) currently")
                        ])
                }
                if !context.isDryRun, !mayGo {
                    var changed = budget
                    changed[at: "status", "disruptionsAllowed"] = JSON((budget[at: "status", "disruptionsAllowed"]?.int ?? 1) - 1)
                    changed[at: "status", "disruptedPods", key.name] = .string(context.now.rfc3339())
                    let home = ObjectKey(
                        type: .podDisruptionBudgets, namespace: key.namespace, name: budget[at: "metadata", "name"]?.string ?? "")
                    _ = try state.store.update(changed, key: home, subresource: .status, now: context.now)
                }
            }
        }
        if !context.isDryRun, !(body[at: "deleteOptions", "dryRun"]?.array ?? []).contains("All") {
            let options = DeleteOptions(
                gracePeriodSeconds: body[at: "deleteOptions", "gracePeriodSeconds"]?.int,
                uid: body[at: "deleteOptions", "preconditions", "uid"]?.string,
                resourceVersion: body[at: "deleteOptions", "preconditions", "resourceVersion"]?.string)
            _ = try state.store.delete(key, options: options, now: context.now)
        }
        return TwinAPI.created
    }

    /// The body of a write below a pod: of its own kind, and of the pod that the path names.
    private func childBody(of context: RequestContext, kind: String, package: String) throws(APIFailure) -> JSON {
        let body = try JSON(requestBody: context.request.body, allowsYAML: true)
        let found = body["kind"]?.string ?? kind
        if found != kind {
            let version = body["apiVersion"]?.string?.split(separator: "/").last.map(String.init) ?? ""
            throw APIFailure.badRequest(
                "\(found) in version \"\(version)\" cannot be handled as a \(kind): converting (\(version).\(found)) to (\(package).\(kind)): "
                    + "unknown conversion")
        }
        try checkNamespace(body, context)
        guard body[at: "metadata", "name"]?.string == context.target.key.name else {
            throw APIFailure.badRequest("name in URL does not match name in \(kind) object")
        }
        return body
    }

    func bind(_ context: RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let key = context.target.key
        guard var pod = state.store.get(key) else { throw notFound(context) }
        let target = try childBody(of: context, kind: "Binding", package: "core")["target"]
        let node = target?["name"]?.string ?? ""
        var validation = Validation()
        if let kind = target?["kind"]?.string, !kind.isEmpty, kind != "Node" {
            validation.unsupported("target.kind", .string(kind), ["Node", "<empty>"])
        }
        if node.isEmpty { validation.required("target.name") }
        if !validation.causes.isEmpty {
            let texts = validation.causes.map { "\($0.field ?? ""): \($0.message)" }
            throw APIFailure(500, "", texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]")
        }
        if pod[at: "metadata", "deletionTimestamp"] != nil {
            throw APIFailure(
                409, "Conflict",
                "Operation cannot be fulfilled on pods/binding \"\(key.name)\": pod \(key.name) is being deleted, cannot be assigned to a host",
                name: key.name, kind: "pods/binding")
        }
        if let taken = pod[at: "spec", "nodeName"]?.string, !taken.isEmpty {
            throw APIFailure(
                409, "Conflict",
                "Operation cannot be fulfilled on pods/binding \"\(key.name)\": pod \(key.name) is already assigned to node \"\(taken)\"",
                name: key.name, kind: "pods/binding")
        }
        pod[at: "spec", "nodeName"] = .string(node)
        if !context.isDryRun { _ = try state.store.update(pod, key: key, subresource: .binding, now: context.now) }
        return TwinAPI.created
    }

    private static let created = APIAnswer.json(
        201, ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201])
}
