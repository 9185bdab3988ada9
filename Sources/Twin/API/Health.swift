/// `/healthz`, `/livez`, `/readyz`, and what is below them (kube-apiserver v1.36).
enum Health {
    /// The answer for a path; nil where it names no check.
    static func answer(_ request: TwinRequest) -> APIAnswer? {
        let parts = request.path.split(separator: "/", maxSplits: 1).map(String.init)
        guard let name = parts.first, ["healthz", "livez", "readyz"].contains(name) else { return nil }
        let checks = name == "readyz" ? Health.checks : Health.checks.filter { !onlyReady.contains($0) }
        let one = parts.dropFirst().first.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? ""
        // etcd is left out of what is listed where it has no server of its own, and can be asked for all the same.
        if !one.isEmpty { return checks.contains(one) || one == "etcd" ? .text(200, "ok") : nil }
        guard request["verbose"] != nil else { return .text(200, "ok") }
        let excluded = Set(request.all("exclude"))
        let lines = checks.map { "[+]\($0) \(excluded.contains($0) ? "excluded: ok" : "ok")\n" }
        let unknown = excluded.subtracting(checks).sorted()
        let warning =
            unknown.isEmpty
            ? "" : "warn: some health checks cannot be excluded: no matches for \(unknown.map { "\"\($0)\"" }.joined(separator: ","))\n"
        return .text(200, "\(lines.joined())\(warning)\(name) check passed\n")
    }

    private static let onlyReady: Set = ["informer-sync", "shutdown"]

    static let checks = [
        "ping",
        "log",
        "informer-sync",
        "poststarthook/start-apiserver-admission-initializer",
        "poststarthook/generic-apiserver-start-informers",
        "poststarthook/priority-and-fairness-config-consumer",
        "poststarthook/priority-and-fairness-filter",
        "poststarthook/storage-object-count-tracker-hook",
        "poststarthook/start-apiextensions-informers",
        "poststarthook/start-apiextensions-controllers",
        "poststarthook/crd-informer-synced",
        "poststarthook/start-system-namespaces-controller",
        "poststarthook/peer-endpoint-reconciler-controller",
        "poststarthook/start-cluster-authentication-info-controller",
        "poststarthook/start-kube-apiserver-identity-lease-controller",
        "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
        "poststarthook/storage-readiness",
        "poststarthook/start-legacy-token-tracking-controller",
        "poststarthook/start-service-ip-repair-controllers",
        "poststarthook/rbac/bootstrap-roles",
        "poststarthook/scheduling/bootstrap-system-priority-classes",
        "poststarthook/priority-and-fairness-config-producer",
        "poststarthook/bootstrap-controller",
        "poststarthook/start-kubernetes-service-cidr-controller",
        "poststarthook/aggregator-reload-proxy-client-cert",
        "poststarthook/start-kube-aggregator-informers",
        "poststarthook/apiservice-status-local-available-controller",
        "poststarthook/apiservice-status-remote-available-controller",
        "poststarthook/apiservice-registration-controller",
        "poststarthook/apiservice-wait-for-first-sync",
        "poststarthook/apiservice-discovery-controller",
        "poststarthook/kube-apiserver-autoregistration",
        "autoregister-completion",
        "poststarthook/apiservice-openapi-controller",
        "poststarthook/apiservice-openapiv3-controller",
        "shutdown",
    ]
}
