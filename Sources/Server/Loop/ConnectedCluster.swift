import Core
package import Kubernetes

/// One cluster that is watched: what it is called here, and clients that reach it.
package struct ConnectedCluster: Sendable {
    package let name: String
    package let environment: String
    package let namespaces: [String]
    package let read: KubernetesClient
    /// For writes and dry runs; the same as `read` unless other credentials are configured.
    package let act: KubernetesClient
    /// Whether names and keys of Secrets may be read; their values never are.
    package let readsSecrets: Bool

    package init(
        name: String, environment: String, namespaces: [String] = [], read: KubernetesClient, act: KubernetesClient,
        readsSecrets: Bool = false
    ) {
        self.readsSecrets = readsSecrets
        self.name = name
        self.environment = environment
        self.namespaces = namespaces
        self.read = read
        self.act = act
    }

    /// What the pods of the namespaces that are watched are measured to use; of those that nothing measures, or that may not be asked,
    /// nothing.
    func podMetrics() async -> [PodMetrics] {
        let scopes = namespaces.isEmpty ? [ListScope.all] : namespaces.map { ListScope(namespace: $0) }
        var all: [PodMetrics] = []
        for scope in scopes { all += (try? await read.list(PodMetrics.self, in: scope).items) ?? [] }
        return all
    }

    /// The clusters of a configuration; without any, the current context of the kubeconfig.
    /// - Throws: `MartletError` for a kubeconfig, context or credential that cannot be used.
    package static func connect(
        _ configuration: Configuration, environment: [String: String], seed: UInt64
    ) throws -> [ConnectedCluster] {
        guard !configuration.clusters.isEmpty else {
            let connection = try Connection.resolve(ConnectionOptions(), environment: environment)
            let client = try KubernetesClient(connection, seed: seed)
            return [
                ConnectedCluster(name: connection.contextName ?? "cluster", environment: "prod", read: client, act: client)
            ]
        }
        return try configuration.clusters.map { settings in
            let read = try client(settings, settings.read, environment: environment, seed: seed)
            let act = settings.act == settings.read ? read : try client(settings, settings.act, environment: environment, seed: seed &+ 1)
            return ConnectedCluster(
                name: settings.name, environment: settings.environment, namespaces: settings.namespaces, read: read, act: act,
                readsSecrets: settings.secrets != .none)
        }
    }

    private static func client(
        _ settings: ClusterSettings, _ credentials: ClusterSettings.Credentials, environment: [String: String], seed: UInt64
    ) throws -> KubernetesClient {
        var connection: Connection
        if settings.inCluster {
            guard let inCluster = try Connection.inCluster(environment: environment) else {
                throw MartletError(
                    .invalid, "cluster \"\(settings.name)\" is configured as inCluster, but this process runs in no pod",
                    fix: "set context instead, or run Martlet in the cluster")
            }
            connection = inCluster
        } else {
            connection = try Connection.resolve(
                ConnectionOptions(
                    kubeconfig: settings.kubeconfig, context: credentials.context ?? settings.context,
                    impersonation: credentials.impersonate.map { Impersonation(user: $0) }),
                environment: environment)
        }
        if let token = credentials.token {
            connection.user.token = token.value
            connection.user.tokenFile = nil
            connection.user.certificate = nil
            connection.user.key = nil
            connection.user.exec = nil
        }
        return try KubernetesClient(connection, seed: seed)
    }
}
