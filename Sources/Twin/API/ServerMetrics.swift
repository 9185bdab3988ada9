import Core
import Kubernetes

/// What the API server counts of itself and tells at `/metrics`, under the names of kube-apiserver v1.36.
struct ServerMetrics: Sendable {
    private struct Kind: Hashable {
        var verb: String
        var group: String
        var version: String
        var resource: String
        var subresource: String
        var scope: String
        var isDryRun: Bool
        var code: Int
    }

    private var requests: [Kind: Int] = [:]

    /// Counts an answered request; a watch is counted when it begins.
    mutating func count(_ request: TwinRequest, _ target: RequestTarget, code: Int) {
        var kind = Kind(
            verb: request.method, group: "", version: "", resource: "", subresource: "", scope: "", isDryRun: request["dryRun"] == "All",
            code: code)
        if case .object(let object) = target {
            let verb = TwinAPI.verb(request, object)
            kind.verb = ServerMetrics.verbs[verb] ?? verb.uppercased()
            (kind.group, kind.version) = (object.resource.type.group, object.resource.type.version)
            (kind.resource, kind.subresource) = (object.resource.type.plural, object.subresource ?? "")
            kind.scope = object.name != nil ? "resource" : object.namespace != nil ? "namespace" : "cluster"
        }
        requests[kind, default: 0] += 1
    }

    private static let verbs = ["create": "POST", "update": "PUT", "deletecollection": "DELETECOLLECTION"]

    /// The page, in Prometheus' text format.
    func page(_ state: ClusterState, _ resources: APIResources) -> String {
        var page = ExpositionText()
        page.add(
            "apiserver_current_inflight_requests", .gauge,
            "[STABLE] Maximal number of currently used inflight request limit of this apiserver per request kind in last second.",
            ["mutating", "readOnly"].map { .init(labels: [("request_kind", $0)], value: 0) })
        let samples = requests.map { kind, count -> ExpositionText.Sample in
            .init(
                labels: [
                    ("code", String(kind.code)), ("component", "apiserver"), ("dry_run", kind.isDryRun ? "All" : ""), ("group", kind.group),
                    ("resource", kind.resource), ("scope", kind.scope), ("subresource", kind.subresource), ("verb", kind.verb),
                    ("version", kind.version),
                ], value: Double(count))
        }
        page.add(
            "apiserver_request_total", .counter,
            "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and "
                + "HTTP response code.",
            samples.sorted { $0.labels.map(\.value).lexicographicallyPrecedes($1.labels.map(\.value)) })
        page.add(
            "apiserver_storage_objects", .gauge,
            "[STABLE] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.",
            resources.all.filter { $0.type == $0.storage && $0.verbs.contains("create") && $0.verbs.contains("list") }.map {
                .init(labels: [("resource", APIFailure.resource($0.type))], value: Double(state.store.count($0.type)))
            }.sorted { ($0.labels.first?.value ?? "") < ($1.labels.first?.value ?? "") })
        page.add(
            "kubernetes_build_info", .gauge,
            "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go "
                + "version, and compiler from which Kubernetes was built, and platform on which it is running.",
            [.init(labels: [("git_version", state.version)], value: 1)])
        return page.text
    }
}
