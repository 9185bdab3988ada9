import Core
import Kubernetes

/// What the API works on. A value: a copy of the store is a dry run.
struct ClusterState: Sendable {
    var store: ObjectStore
    var simulation: any ClusterSimulation
    /// Bearer tokens and whose they are.
    var tokens: [String: UserInfo]
    let tokenSigner = TokenSigner()
    let version: String

    /// Lets the simulation do what is due.
    mutating func run(until now: Timestamp) { simulation.advance(to: now, store: &store) }
}

/// What a request comes to.
enum APIOutcome: Sendable {
    case answer(APIAnswer)
    case watch(WatchRequest)
    case follow(LogRequest)
}

struct APIAnswer: Sendable {
    var status: Int
    var contentType: String
    var body: [UInt8]
    /// A long list, instead of `body`.
    var list: ListBody?
    var warnings: [String] = []
    var headers: [(name: String, value: String)] = []

    static func text(_ status: Int, _ text: String) -> APIAnswer {
        APIAnswer(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    static func json(_ status: Int, _ value: JSON) -> APIAnswer {
        APIAnswer(status: status, contentType: "application/json", body: value.serialized())
    }

    /// The same in protocol buffers; as it is where there is no message for it.
    var inProtobuf: APIAnswer {
        guard contentType == "application/json" else { return self }
        guard let bytes = list.map(\.protobuf) ?? (try? JSON(parsing: body)).flatMap(ProtobufBody.encode) else { return self }
        var answer = self
        answer.contentType = ProtobufBody.mediaType
        answer.body = bytes
        answer.list = nil
        return answer
    }

    static func failure(_ failure: APIFailure) -> APIAnswer {
        var answer = json(failure.code, failure.status)
        if let seconds = failure.retryAfter { answer.headers.append(("Retry-After", String(seconds))) }
        return answer
    }
}

/// The API server: requests in, answers out. Knows no socket and no task.
struct TwinAPI: Sendable {
    private(set) var resources = APIResources.served
    let schemas = Schemas.builtIn

    func handle(_ request: TwinRequest, state: inout ClusterState, now: Timestamp) -> APIOutcome {
        var api = self
        if state.store.count(.customResourceDefinitions) > 0 {
            api.resources = resources.adding(definitions: state.store.list(.customResourceDefinitions, namespace: nil))
        }
        let outcome: APIOutcome
        do {
            outcome = try api.route(request, state: &state, now: now)
        } catch {
            outcome = .answer(.failure(error))
        }
        guard case .answer(let answer) = outcome, Representation(accept: request.headers["accept"]).isProtobuf else { return outcome }
        return .answer(answer.inProtobuf)
    }

    private func route(_ request: TwinRequest, state: inout ClusterState, now: Timestamp) throws(APIFailure) -> APIOutcome {
        let target = RequestTarget(path: request.path, resources: resources)
        if let refusal = TwinAPI.impersonatesNobody(request) { return .answer(refusal) }
        let user = try user(of: request, target: target, state: state)
        guard case .object(let object) = target else {
            let access = TwinAPI.access(request)
            guard Authorizer(store: state.store).allows(user, access) else { throw Authorizer.refusal(user, access) }
            return .answer(try document(request, target, state))
        }
        let verb = TwinAPI.verb(request, object)
        let access = TwinAPI.access(verb, object, request)
        guard Authorizer(store: state.store).allows(user, access) else { throw Authorizer.refusal(user, access) }
        var request = request
        if !request.body.isEmpty, request.headers["content-type"]?.hasPrefix(ProtobufBody.mediaType) == true {
            request.body = try ProtobufBody.json(request.body, for: object, verb: verb).serialized()
            request.headers["content-type"] = "application/json"
        }
        var context = RequestContext(request: request, target: object, verb: verb, user: user, now: now, warnings: [])
        var answer: APIAnswer
        do {
            let outcome = try perform(&context, state: &state)
            guard case .answer(let given) = outcome else { return outcome }
            answer = given
        } catch {
            // What was warned of before a refusal is heard with it.
            answer = .failure(error)
        }
        if let text = object.resource.custom?.deprecation { context.warnings.insert(text, at: 0) }
        if object.resource.type == .endpoints {
            context.warnings.append("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        }
        answer.warnings += context.warnings
        return .answer(answer)
    }

    private func perform(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIOutcome {
        let resource = context.target.resource
        guard Representation.isAcceptable(context.request.headers["accept"], to: context.target) else {
            throw APIFailure(
                406, "NotAcceptable",
                "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf")
        }
        if let wanted = context.request["includeObject"], !["", "Metadata", "Object", "None"].contains(wanted),
            Representation(accept: context.request.headers["accept"], of: resource).form == .table
        {
            throw APIFailure.badRequest(
                "Unable to convert to Table as requested: includeObject: Invalid value: \(JSON.string(wanted).text()): must be 'Metadata', "
                    + "'Object', 'None', or empty")
        }
        if resource.type.isNamespaced, context.target.namespace == nil {
            // Over all namespaces there are lists and watches, and nothing else (endpoints/installer.go).
            guard context.target.name == nil else { throw TwinAPI.unknownResource }
            guard ["list", "watch"].contains(context.verb) else { throw TwinAPI.methodNotAllowed }
        }
        if let name = context.target.subresource {
            guard resource.subresource(name) != nil else { throw TwinAPI.unknownResource }
            return try subresource(name, &context, state: &state)
        }
        if resource.type.group == "metrics.k8s.io" { return .answer(try metrics(context, state)) }
        if resource.verbs == ["create"], context.verb == "create" { return .answer(try review(&context, state: &state)) }
        guard resource.verbs.contains(context.verb), context.target.name != nil || !["update", "patch"].contains(context.verb),
            context.verb != "create" || context.target.namespace != nil || !resource.type.isNamespaced
        else { throw TwinAPI.methodNotAllowed }
        switch context.verb {
        case "get": return .answer(try get(context, state))
        case "list": return .answer(try list(context, state))
        case "watch": return .watch(try watch(context, state))
        case "create": return .answer(try create(&context, state: &state))
        case "update": return .answer(try update(&context, state: &state))
        case "patch": return .answer(try patch(&context, state: &state))
        case "delete": return .answer(try delete(&context, state: &state))
        case "deletecollection": return .answer(try deleteCollection(&context, state: &state))
        default: throw TwinAPI.methodNotAllowed
        }
    }

    static let unknownResource = APIFailure(404, "NotFound", "the server could not find the requested resource", hasDetails: true)
    static let methodNotAllowed = APIFailure(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", hasDetails: true)

    // MARK: Who, and whether

    private func user(of request: TwinRequest, target: RequestTarget, state: ClusterState) throws(APIFailure) -> UserInfo {
        guard var user = TwinAPI.known(request, tokens: state.tokens) else { throw APIFailure(401, "Unauthorized", "Unauthorized") }
        guard let name = request.headers["impersonate-user"], !name.isEmpty else { return user }
        let access = AccessRequest(verb: "impersonate", resource: "users", name: name)
        guard Authorizer(store: state.store).allows(user, access) else {
            // The real server names the request that was tried, with the verb of a constrained impersonation.
            if case .object(let object) = target {
                var tried = TwinAPI.access(TwinAPI.verb(request, object), object, request)
                tried.verb = "impersonate-on:user-info:\(tried.verb)"
                throw Authorizer.refusal(user, tried)
            }
            throw Authorizer.refusal(user, access)
        }
        let groups = (request.headers["impersonate-group"] ?? "").split(separator: ",").map { String($0).trimmingSpaces }
        user = UserInfo(name: name, groups: groups + ["system:authenticated"])
        return user
    }

    /// Groups of somebody who is not named would leave the request with the rights of who asks.
    private static func impersonatesNobody(_ request: TwinRequest) -> APIAnswer? {
        guard request.headers["impersonate-user"]?.isEmpty ?? true else { return nil }
        let groups = (request.headers["impersonate-group"] ?? "").split(separator: ",").map { "{Group  \(String($0).trimmingSpaces)    }" }
        let uid = request.headers["impersonate-uid"].map { ["{UID  \($0)  authentication.k8s.io/v1  }"] } ?? []
        let prefix = "impersonate-extra-"
        let extras = request.headers.keys.filter { $0.hasPrefix(prefix) }.sorted().map {
            "{UserExtra  \(request.headers[$0] ?? "")  authentication.k8s.io/v1  \($0.dropFirst(prefix.count))}"
        }
        let asked = groups + extras + uid
        guard !asked.isEmpty else { return nil }
        return .text(
            500, "Internal Server Error: \"\(request.path)\": requested [\(asked.joined(separator: " "))] without impersonating a user\n")
    }

    /// Who asks: the bearer token counts before the certificate, and who shows neither is anonymous; nil for one that is not known.
    static func known(_ request: TwinRequest, tokens: [String: UserInfo]) -> UserInfo? {
        if let header = request.headers["authorization"], header.lowercased().hasPrefix("bearer ") {
            return tokens[String(header.dropFirst(7)).trimmingSpaces]
        }
        let user = request.certificateUser ?? .anonymous
        return user == .unrecognized ? nil : user
    }

    static func verb(_ request: TwinRequest, _ target: RequestTarget.Object) -> String {
        verb(request, name: target.name, subresource: target.subresource)
    }

    private static func verb(_ request: TwinRequest, name: String?, subresource: String?) -> String {
        switch request.method {
        case "GET", "HEAD":
            if subresource != nil { return "get" }
            // One object is not watched under its own path.
            if name == nil { return request.flag("watch") ? "watch" : "list" }
            return "get"
        case "POST": return "create"
        case "PUT": return "update"
        case "PATCH": return "patch"
        case "DELETE": return name == nil ? "deletecollection" : "delete"
        default: return request.method.lowercased()
        }
    }

    /// What is asked by a request for something that the twin does not serve as a resource.
    private static func access(_ request: TwinRequest) -> AccessRequest {
        guard let names = RequestTarget.names(in: request.path) else {
            return AccessRequest(verb: request.method.lowercased(), path: request.path)
        }
        return AccessRequest(
            verb: verb(request, name: names.name, subresource: names.subresource), group: names.group, resource: names.plural,
            subresource: names.subresource ?? "", namespace: names.namespace ?? "", name: names.name ?? "")
    }

    /// Who asks for the one object of a name by a field selector asks by that name (request.RequestInfoFactory).
    static func access(_ verb: String, _ target: RequestTarget.Object, _ request: TwinRequest) -> AccessRequest {
        let isMany = ["list", "watch", "deletecollection"].contains(verb)
        let selected = isMany ? request["fieldSelector"].flatMap(FieldSelector.name(in:)) : nil
        return AccessRequest(
            verb: verb, group: target.resource.type.group, resource: target.resource.type.plural, subresource: target.subresource ?? "",
            namespace: target.namespace ?? "", name: target.name ?? selected ?? "")
    }
}

/// One request while it is worked on.
struct RequestContext {
    let request: TwinRequest
    let target: RequestTarget.Object
    let verb: String
    let user: UserInfo
    let now: Timestamp
    var warnings: [String]

    var resource: APIResource { target.resource }
    var isDryRun: Bool { request["dryRun"] == "All" }

    /// Who writes: the parameter, or the first word of the user agent.
    var manager: String {
        if let name = request["fieldManager"], !name.isEmpty { return name }
        let agent = request.headers["user-agent"] ?? ""
        return agent.split(separator: "/").first.map(String.init) ?? "unknown"
    }
}
