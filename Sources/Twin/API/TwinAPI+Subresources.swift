import Core
import Kubernetes

/// A log that a client reads, perhaps as it grows.
struct LogRequest: Sendable {
    let namespace: String
    let pod: String
    let container: String
    let timestamps: Bool
    /// Lines to show of what is there already.
    let tail: Int?
    let since: Timestamp?

    func frame(_ lines: [(time: Timestamp, text: String)]) -> [UInt8] {
        var out: [UInt8] = []
        for line in lines {
            if timestamps { out += line.time.rfc3339(decimals: 9).utf8; out.append(0x20) }
            out += line.text.utf8
            out.append(0x0A)
        }
        return out
    }
}

extension TwinAPI {
    func subresource(_ name: String, _ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIOutcome {
        switch (name, context.verb) {
        case ("status", "get"), ("ephemeralcontainers", "get"), ("resize", "get"): return .answer(try get(context, state))
        case ("status", "update"), ("ephemeralcontainers", "update"), ("resize", "update"), ("finalize", "update"):
            return .answer(try update(&context, state: &state))
        case ("status", "patch"), ("ephemeralcontainers", "patch"), ("resize", "patch"): return .answer(try patch(&context, state: &state))
        case ("scale", _): return .answer(try scale(&context, state: &state))
        case ("log", "get"): return try log(context, state)
        case ("eviction", "create"): return .answer(try evict(context, state: &state))
        case ("binding", "create"): return .answer(try bind(context, state: &state))
        case ("token", "create"): return .answer(try token(context, state: &state))
        case ("proxy", "get"): return .answer(try proxy(context, state))
        case ("exec", _), ("attach", _), ("portforward", _):
            guard let pod = state.store.get(context.target.key) else { throw notFound(context) }
            if name != "portforward" { _ = try container(of: pod, context) }
            guard context.request.headers["upgrade"] != nil else { throw APIFailure.badRequest("Upgrade request required") }
            throw APIFailure.badRequest("the simulated cluster runs no processes: \(name) is not served")
        default: throw TwinAPI.methodNotAllowed
        }
    }

    // MARK: scale

    private func scale(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        guard let object = state.store.get(context.target.key) else { throw notFound(context) }
        func scale(of object: JSON) -> JSON {
            var metadata: JSON = [:]
            for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
                metadata[field] = object[at: "metadata", field]
            }
            var status: JSON = ["replicas": object[at: "status", "replicas"] ?? 0]
            let selector = Selectors.labelSelector(object[at: "spec", "selector"]).description
            if !selector.isEmpty { status["selector"] = .string(selector) }
            return [
                "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
                "spec": object[at: "spec", "replicas"].map { $0 == 0 ? [:] : ["replicas": $0] } ?? [:], "status": status,
            ]
        }
        if context.verb == "get" { return .json(200, scale(of: object)) }
        let old = scale(of: object)
        var wanted: JSON
        if context.verb == "patch" {
            let document = try JSON(requestBody: context.request.body, allowsYAML: false)
            if context.request.headers["content-type"]?.hasPrefix("application/json-patch+json") == true {
                guard let patched = try? JSONPatch(document).apply(to: old) else {
                    throw APIFailure(422, "Invalid", "the server rejected our request due to an error in our request", hasDetails: true)
                }
                wanted = patched
            } else {
                wanted = old.merging(patch: document)
            }
        } else {
            wanted = try JSON(requestBody: context.request.body, allowsYAML: true)
        }
        let key = context.target.key
        if let version = wanted[at: "metadata", "resourceVersion"]?.string, !version.isEmpty,
            version != object[at: "metadata", "resourceVersion"]?.string
        {
            throw APIFailure.conflict(key)
        }
        let replicas = wanted[at: "spec", "replicas"] ?? 0
        guard let count = replicas.int, count >= 0 else {
            throw APIFailure(
                422, "Invalid",
                "Scale.autoscaling \"\(key.name)\" is invalid: spec.replicas: Invalid value: \(replicas.text()): must be greater than or equal to 0",
                name: key.name, group: "autoscaling", kind: "Scale",
                causes: [
                    .init(
                        reason: "FieldValueInvalid", message: "Invalid value: \(replicas.text()): must be greater than or equal to 0",
                        field: "spec.replicas")
                ])
        }
        var changed = object
        changed[at: "spec", "replicas"] = JSON(count)
        changed = recorded(old: object, new: changed, context)
        changed[at: "metadata", "resourceVersion"] = nil
        if context.isDryRun {
            var answer = scale(of: changed)
            answer[at: "metadata", "resourceVersion"] = object[at: "metadata", "resourceVersion"]
            return .json(200, answer)
        }
        return .json(200, scale(of: try state.store.update(changed, key: key, subresource: .scale, now: context.now)))
    }

    // MARK: eviction, binding, tokens

    private func evict(_ context: RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let key = context.target.key
        guard let pod = state.store.get(key) else { throw notFound(context) }
        let body = try JSON(requestBody: context.request.body, allowsYAML: true)
        if let name = body[at: "metadata", "name"]?.string, !name.isEmpty, name != key.name {
            throw APIFailure.badRequest("name in URL does not match name in Eviction object")
        }
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

    private static let created = APIAnswer.json(
        201, ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201])

    private func bind(_ context: RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let key = context.target.key
        guard var pod = state.store.get(key) else { throw notFound(context) }
        let node = try JSON(requestBody: context.request.body, allowsYAML: true)[at: "target", "name"]?.string ?? ""
        if let taken = pod[at: "spec", "nodeName"]?.string, !taken.isEmpty {
            throw APIFailure.conflict(key, "pod \(key.name) is already assigned to node \"\(taken)\"")
        }
        pod[at: "spec", "nodeName"] = .string(node)
        if !context.isDryRun { _ = try state.store.update(pod, key: key, subresource: .binding, now: context.now) }
        return TwinAPI.created
    }

    private func token(_ context: RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        let key = context.target.key
        guard let account = state.store.get(key) else { throw notFound(context) }
        let body = try JSON(requestBody: context.request.body, allowsYAML: true)
        let seconds = body[at: "spec", "expirationSeconds"]?.int ?? 3600
        let token = state.store.uid() + state.store.uid()
        state.tokens[token] = .serviceAccount(namespace: key.namespace, name: key.name, uid: account[at: "metadata", "uid"]?.string)
        return .json(
            201,
            [
                "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1",
                "metadata": [
                    "name": .string(key.name), "namespace": .string(key.namespace), "creationTimestamp": .string(context.now.rfc3339()),
                ],
                "spec": ["audiences": ["https://kubernetes.default.svc"], "expirationSeconds": JSON(seconds), "boundObjectRef": .null],
                "status": ["token": .string(token), "expirationTimestamp": .string((context.now + .seconds(seconds)).rfc3339())],
            ])
    }

    // MARK: logs, metrics

    /// The container that a request names, or the only one.
    private func container(of pod: JSON, _ context: RequestContext) throws(APIFailure) -> String {
        let inits = (pod[at: "spec", "initContainers"]?.array ?? []).compactMap { $0["name"]?.string }
        let names = (pod[at: "spec", "containers"]?.array ?? []).compactMap { $0["name"]?.string }
        let container: String
        if let wanted = context.request["container"], !wanted.isEmpty {
            container = wanted
        } else if names.count == 1, inits.isEmpty {
            container = names[0]
        } else {
            let all = inits.isEmpty ? "" : " or one of the init containers: [\(inits.joined(separator: " "))]"
            throw APIFailure.badRequest(
                "a container name must be specified for pod \(context.target.key.name), choose one of: [\(names.joined(separator: " "))]\(all)"
            )
        }
        guard (inits + names).contains(container) else {
            throw APIFailure.badRequest("container \(container) is not valid for pod \(context.target.key.name)")
        }
        return container
    }

    private func log(_ context: RequestContext, _ state: ClusterState) throws(APIFailure) -> APIOutcome {
        let request = context.request
        let key = context.target.key
        guard let pod = state.store.get(key) else { throw notFound(context) }
        if request["sinceSeconds"] != nil, request["sinceTime"] != nil {
            let message = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
            throw APIFailure(
                422, "Invalid", "PodLogOptions \"\(key.name)\" is invalid: []: \(message)", name: key.name, kind: "PodLogOptions",
                causes: [.init(reason: "FieldValueForbidden", message: message, field: "[]")])
        }
        let container = try container(of: pod, context)
        guard pod[at: "spec", "nodeName"]?.string?.isEmpty == false else {
            return .answer(APIAnswer(status: 204, contentType: "text/plain", body: []))
        }
        if let refusal = LogRefusal.of(pod, container: container, previous: request.flag("previous")) {
            throw APIFailure.badRequest(refusal)
        }
        var since = request["sinceTime"].flatMap { Timestamp($0) }
        if let seconds = request["sinceSeconds"].flatMap({ Int($0) }) { since = context.now - .seconds(seconds) }
        let wanted = LogRequest(
            namespace: key.namespace, pod: key.name, container: container, timestamps: request.flag("timestamps"),
            tail: request["tailLines"].flatMap { Int($0) }, since: since)
        if request.flag("follow") { return .follow(wanted) }
        let answer = state.simulation.containerLog(
            namespace: key.namespace, pod: key.name, container: container, previous: request.flag("previous"), store: state.store)
        switch answer {
        case .refused(let code, let message):
            let reason = [400: "BadRequest", 404: "NotFound", 500: "InternalError"][code] ?? ""
            throw APIFailure(code, reason, message)
        case .lines(var lines):
            if let since { lines.removeAll { $0.time < since } }
            if let tail = wanted.tail { lines = Array(lines.suffix(max(0, tail))) }
            var body = wanted.frame(lines)
            if let limit = request["limitBytes"].flatMap({ Int($0) }), body.count > limit { body.removeLast(body.count - max(0, limit)) }
            return .answer(APIAnswer(status: 200, contentType: "text/plain", body: body))
        }
    }

    /// `pods/<name>[:port]/proxy/metrics`: the pod's metrics page. Nothing else answers in a simulated pod.
    private func proxy(_ context: RequestContext, _ state: ClusterState) throws(APIFailure) -> APIAnswer {
        let name = (context.target.name ?? "").split(separator: ":").first { $0 != "http" && $0 != "https" }.map(String.init) ?? ""
        let namespace = context.target.namespace ?? ""
        if context.resource.type == .pods, context.target.rest.hasPrefix("metrics"),
            let page = state.simulation.metricsPage(namespace: namespace, pod: name)
        {
            return .text(200, page)
        }
        if context.resource.type == .services {
            guard state.store.get(ObjectKey(type: .services, namespace: namespace, name: name)) != nil else {
                throw APIFailure.notFound(ObjectKey(type: .services, namespace: namespace, name: name))
            }
            if !Services.answer(name, namespace, state.store) {
                throw APIFailure(503, "ServiceUnavailable", "no endpoints available for service \"\(name)\"")
            }
        }
        throw APIFailure(
            503, "ServiceUnavailable", "error trying to reach service: nothing answers there in the simulated cluster", hasDetails: true)
    }

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

/// Why a container has no log to give, told by the pod's status (kubelet validateContainerLogStatus).
enum LogRefusal {
    static func of(_ pod: JSON, container: String, previous: Bool) -> String? {
        let name = pod[at: "metadata", "name"]?.string ?? ""
        let all = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"].flatMap {
            pod[at: "status", $0]?.array ?? []
        }
        guard let status = all.first(where: { $0["name"]?.string == container }) else { return nil }
        let hasLast = status[at: "lastState", "terminated"]?.object?.isEmpty == false
        if previous {
            return hasLast ? nil : "previous terminated container \"\(container)\" in pod \"\(name)\" not found"
        }
        guard let waiting = status[at: "state", "waiting"], !hasLast else { return nil }
        let why =
            switch waiting["reason"]?.string {
            case "ImagePullBackOff": "trying and failing to pull image"
            case "ErrImagePull": "image can't be pulled"
            case let reason: reason ?? ""
            }
        return "container \"\(container)\" in pod \"\(name)\" is waiting to start: \(why)"
    }
}
