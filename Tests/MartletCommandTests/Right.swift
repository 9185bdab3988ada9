import Kubernetes
import Synchronization
import Twin

@testable import martlet

/// One verb on one resource, as RBAC grants it and as a request needs it.
struct Right: Hashable, CustomStringConvertible {
    let verb: String, group: String, resource: String

    init(_ verb: String, _ group: String, _ resource: String) {
        self.verb = verb
        self.group = group
        self.resource = resource
    }

    var description: String { "\(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")" }

    static func all(of accesses: [RequiredAccess]) -> Set<Right> {
        Set(accesses.flatMap { access in access.verbs.map { Right($0, access.type.group, access.resource) } })
    }

    /// What a request to the API needs; nil for paths of no resource.
    init?(_ call: HTTPCall) {
        let parts = call.path.split(separator: "?", maxSplits: 1)
        var segments = (parts.first ?? "").split(separator: "/").map(String.init)[...]
        var group = ""
        switch segments.popFirst() {
        case "api": _ = segments.popFirst()
        case "apis":
            group = segments.popFirst() ?? ""
            _ = segments.popFirst()
        default: return nil
        }
        if segments.first == "namespaces", segments.count > 2 { segments = segments.dropFirst(2) }
        guard let plural = segments.popFirst() else { return nil }
        let hasName = segments.popFirst() != nil
        let isWatch = parts.count > 1 && parts[1].split(separator: "&").contains { $0 == "watch=1" || $0 == "watch=true" }
        let verbs = [
            "GET": hasName ? "get" : isWatch ? "watch" : "list", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete",
        ]
        self.init(verbs[call.method] ?? call.method, group, plural + (segments.first.map { "/\($0)" } ?? ""))
    }
}

/// Notes what each request needs on its way to a twin.
final class NotingTransport: Transport {
    private let twin: InProcessTransport
    private let noted = Mutex<Set<Right>>([])

    init(_ cluster: SimulatedCluster) { twin = InProcessTransport(cluster) }

    var rights: Set<Right> { noted.withLock { $0 } }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        if let right = Right(call) { noted.withLock { _ = $0.insert(right) } }
        return try await twin.send(call)
    }
}
