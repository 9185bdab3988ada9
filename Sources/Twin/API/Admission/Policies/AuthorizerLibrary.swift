import CEL
import Core
import Kubernetes

/// `authorizer.group('apps').resource('deployments').namespace('a').check('create').allowed()` (kubernetes.io "Common Expression Language in
/// Kubernetes", "Kubernetes authorizer library"), answered by the roles of the store.
enum AuthorizerLibrary {
    static let type = ValueType.opaque("kubernetes.authorization.Authorizer")
    private static let pathType = ValueType.opaque("kubernetes.authorization.PathCheck")
    private static let groupType = ValueType.opaque("kubernetes.authorization.GroupCheck")
    private static let resourceType = ValueType.opaque("kubernetes.authorization.ResourceCheck")
    private static let decisionType = ValueType.opaque("kubernetes.authorization.Decision")

    static let variables: [String: ValueType] = ["authorizer": type, "authorizer.requestResource": resourceType]

    /// A question in the making.
    struct Check: OpaqueValue {
        var type: ValueType
        var request = AccessRequest(verb: "")
        var user: UserInfo
        var isAllowed = false
        let authorizer: Authorizer

        static func == (a: Check, b: Check) -> Bool {
            a.type == b.type && a.user == b.user && a.request == b.request && a.isAllowed == b.isAllowed
        }
        func hash(into hasher: inout Hasher) {
            hasher.combine(type)
            hasher.combine(user)
        }
    }

    /// The values of `variables` for a request.
    static func values(_ request: AdmissionRequest, _ store: ObjectStore) -> [String: Value] {
        let authorizer = Check(type: type, user: request.user, authorizer: Authorizer(store: store))
        var own = authorizer
        own.type = resourceType
        own.request = AccessRequest(
            verb: "", group: request.resource.type.group, resource: request.resource.type.plural, subresource: request.subresource,
            namespace: request.namespace, name: request.name)
        return ["authorizer": .opaque(authorizer), "authorizer.requestResource": .opaque(own)]
    }

    static let overloads: [Overload] = [
        step(type, "path", pathType) { $0.request.path = $1[0] },
        step(type, "group", groupType) { $0.request.group = $1[0] },
        step(type, "serviceAccount", type, arguments: 2) { check, names in
            check.user = UserInfo(
                name: "system:serviceaccount:\(names[0]):\(names[1])",
                groups: ["system:serviceaccounts", "system:serviceaccounts:\(names[0])", "system:authenticated"])
        },
        step(groupType, "resource", resourceType) { $0.request.resource = $1[0] },
        step(resourceType, "subresource", resourceType) { $0.request.subresource = $1[0] },
        step(resourceType, "namespace", resourceType) { $0.request.namespace = $1[0] },
        step(resourceType, "name", resourceType) { $0.request.name = $1[0] },
        step(resourceType, "check", decisionType, change: decide),
        step(pathType, "check", decisionType, change: decide),
        Overload(on: decisionType, "allowed", .bool) { values, _ in .bool(try check(values).isAllowed) },
        Overload(on: decisionType, "errored", .bool) { _, _ in .bool(false) },
        Overload(on: decisionType, "error", .string) { _, _ in .string("") },
        Overload(on: decisionType, "reason", .string) { _, _ in .string("") },
    ]

    @Sendable private static func decide(_ check: inout Check, _ verb: [String]) {
        check.request.verb = verb[0]
        check.isAllowed = check.authorizer.allows(check.user, check.request)
    }

    private static func check(_ values: [Value]) throws -> Check {
        guard case .opaque(let check as Check) = values[0] else { throw EvaluationError("no such overload") }
        return check
    }

    private static func step(
        _ type: ValueType, _ name: String, _ result: ValueType, arguments count: Int = 1,
        change: @escaping @Sendable (inout Check, [String]) -> Void
    ) -> Overload {
        Overload(on: type, name, Array(repeating: .string, count: count), result) { values, meter in
            // A question to the authorizer is dear in the real server, too.
            try meter.pay(name == "check" ? 350_000 : 1)
            var check = try check(values)
            change(&check, values.dropFirst().map { $0.string ?? "" })
            check.type = result
            return .opaque(check)
        }
    }
}
