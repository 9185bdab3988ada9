package import Core
import Kubernetes
package import Remediation

/// Everything that can be configured, resolved and valid (INTERFACES section 3). Without a file all defaults hold.
package struct Configuration: Sendable, Hashable {
    package var server = ListenerSettings()
    /// Empty: the current context of the kubeconfig.
    package var clusters: [ClusterSettings] = []
    /// Those that were configured; ``policy(of:)`` knows the others too.
    package var environments: [String: EnvironmentPolicy] = [:]
    /// The folder of journal, keys and tokens.
    package var home: String
    package var notifications: [NotificationSettings] = []
    package var redaction = RedactionSettings()
    /// The file it was read from, if any.
    package var file: String?

    package init(home: String) { self.home = home }

    /// What holds in an environment. One that nobody configured is `suggest` with every gate required (INTERFACES section 2).
    package func policy(of environment: String) -> EnvironmentPolicy { environments[environment] ?? EnvironmentPolicy() }

    /// The environment of a cluster; `prod` where none is configured.
    package func environment(ofCluster name: String) -> String { clusters.first { $0.name == name }?.environment ?? "prod" }

    /// Whether names and keys of Secrets are to be read of the cluster that a context leads to.
    package func readsSecrets(ofContext context: String?) -> Bool { clusters(ofContext: context).contains { $0.secrets != .none } }

    /// The namespaces that are watched of the cluster that a context leads to, empty for all of them; nil where none is configured.
    package func namespaces(ofContext context: String?) -> [String]? {
        let clusters = clusters(ofContext: context)
        guard !clusters.isEmpty else { return nil }
        return clusters.contains { $0.namespaces.isEmpty } ? [] : Set(clusters.flatMap(\.namespaces)).sorted()
    }

    private func clusters(ofContext context: String?) -> [ClusterSettings] {
        clusters.filter { $0.inCluster ? context == Connection.inClusterName : ($0.context ?? context) == context }
    }
}

/// `host:port`. An empty host stands for every interface.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:8420`, `[::1]:8420`, `localhost:0`, `:8421`; nil for anything else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65535).contains(port) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.contains(where: { $0.isWhitespace || $0 == "/" }) else { return nil }
        self.init(host: String(host), port: port)
    }

    /// Whether only this machine can connect.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || (host.hasPrefix("127.") && HostName.isIPv4(host)) }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The web server.
package struct ListenerSettings: Sendable, Hashable {
    package struct TLS: Sendable, Hashable {
        /// PEM files.
        package var certificate: String
        package var key: String
        package init(certificate: String, key: String) { self.certificate = certificate; self.key = key }
    }

    package var listen = ListenAddress(host: "127.0.0.1", port: 8420)
    package var tls: TLS?
    /// Without a slash at the end.
    package var publicURL: String?
    package var probes: ListenAddress?

    package init() {}

    /// Why it must not be listened on so; nil where it may.
    package var exposure: String? {
        listen.isLoopback || tls != nil ? nil : "\(listen) can be reached from other machines, which needs server.tls"
    }

    /// What a link begins with when `port` is the one that was bound.
    package func baseURL(port: Int) -> String {
        if let publicURL { return publicURL }
        let host = listen.host.isEmpty || listen.host == "0.0.0.0" || listen.host == "::" ? "127.0.0.1" : listen.host
        return "\(tls == nil ? "http" : "https")://\(ListenAddress(host: host, port: port))"
    }
}

/// One cluster that is watched.
package struct ClusterSettings: Sendable, Hashable {
    /// What is read of Secrets. `helm` (the records of releases) and `tls` (when certificates expire) are reserved: nothing uses them yet.
    package enum Secrets: String, Sendable, Hashable, CaseIterable {
        case none, keys, helm, tls

        var isReserved: Bool { self == .helm }
    }

    /// Who Martlet is: all nil means as the context says.
    package struct Credentials: Sendable, Hashable {
        package var context: String?
        package var impersonate: String?
        package var token: Secret?
        package init(context: String? = nil, impersonate: String? = nil, token: Secret? = nil) {
            self.context = context
            self.impersonate = impersonate
            self.token = token
        }
    }

    package var name: String
    package var context: String?
    package var kubeconfig: String?
    package var inCluster = false
    package var environment = "prod"
    package var read = Credentials()
    package var act = Credentials()
    /// Empty: all.
    package var namespaces: [String] = []
    package var secrets = Secrets.none

    package init(name: String) { self.name = name }
}

/// What Martlet may do in an environment, and how careful it is.
package struct EnvironmentPolicy: Sendable, Hashable {
    package var autonomy: [RiskClass: Autonomy] = [:]
    package var optionalGates: Set<GateResult.Gate> = []
    package var approvals = 1
    package var verificationWindow: Duration = .seconds(120)
    package var cooldown: Duration = .seconds(600)
    /// Operations on one entity in 24 hours.
    package var attempts = 3
    /// Failures in a row after which Martlet leaves an entity alone.
    package var breaker = 2
    /// When nothing is changed, on the cluster's time.
    package var freezes: [Freeze] = []

    package init() {}

    package init(autonomy: Autonomy) { for risk in RiskClass.allCases { self.autonomy[risk] = autonomy } }

    /// A class that is not configured is `suggest`.
    package func autonomy(for risk: RiskClass) -> Autonomy { autonomy[risk] ?? .suggest }
}

/// Who is told of what.
package struct NotificationSettings: Sendable, Hashable {
    package enum Occasion: String, Sendable, Hashable, CaseIterable { case opened, awaitingApproval = "awaiting-approval", closed }

    /// The address of the webhook. It may carry a secret: it is masked wherever it is shown.
    package var url: String
    /// As it was written, when it was a reference.
    package var urlReference: String?
    package var secret: Secret?
    package var occasions: Set<Occasion>

    package init(url: String, urlReference: String? = nil, secret: Secret? = nil, occasions: Set<Occasion> = Set(Occasion.allCases)) {
        self.url = url
        self.urlReference = urlReference
        self.secret = secret
        self.occasions = occasions
    }
}

/// What is secret beyond what looks so, and what is not although it does.
package struct RedactionSettings: Sendable, Hashable {
    package var names: [String] = []
    package var keep: [String] = []
    package init() {}

    /// For every redactor that is made: what the configuration says holds everywhere.
    package var sensitiveNames: SensitiveNames { SensitiveNames(names: names, keep: keep) }
}
