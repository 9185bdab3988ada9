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
    /// The container that a request names, or the only one.
    func container(of pod: JSON, _ context: RequestContext) throws(APIFailure) -> String {
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
        let ephemeral = (pod[at: "spec", "ephemeralContainers"]?.array ?? []).compactMap { $0["name"]?.string }
        guard (inits + names + ephemeral).contains(container) else {
            throw APIFailure.badRequest("container \(container) is not valid for pod \(context.target.key.name)")
        }
        return container
    }

    /// The options of a log request (core/validation ValidatePodLogOptions).
    private func checkOptions(_ request: TwinRequest, pod: String) throws(APIFailure) {
        for name in ["tailLines", "limitBytes", "sinceSeconds"] {
            if let text = request[name], Int64(text) == nil { throw RequestOptions.noNumber(text) }
        }
        if let text = request["sinceTime"], let problem = GoTime.problem(text, micro: false) { throw APIFailure.badRequest(problem) }
        var validation = Validation()
        validation.nonNegative(request["tailLines"].flatMap { Int($0) }.map { JSON($0) }, "tailLines")
        validation.positive(request["limitBytes"].flatMap { Int($0) }.map { JSON($0) }, "limitBytes")
        if request["sinceSeconds"] != nil, request["sinceTime"] != nil {
            validation.forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified")
        } else {
            validation.positive(request["sinceSeconds"].flatMap { Int($0) }.map { JSON($0) }, "sinceSeconds")
        }
        let streams = ["All", "Stderr", "Stdout"]
        if let stream = request["stream"], !stream.isEmpty, !streams.contains(stream) {
            validation.unsupported("stream", .string(stream), streams)
        }
        let type = ResourceType(group: "", version: "v1", plural: "", kind: "PodLogOptions", isNamespaced: true)
        guard validation.causes.isEmpty else { throw APIFailure.invalid(type, name: pod, causes: validation.causes) }
    }

    func log(_ context: RequestContext, _ state: ClusterState) throws(APIFailure) -> APIOutcome {
        let request = context.request
        let key = context.target.key
        guard let pod = state.store.get(key) else { throw notFound(context) }
        try checkOptions(request, pod: key.name)
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
