package import Core

/// All that is needed to speak to one cluster: where, how it proves itself, and who we are.
package struct Connection: Sendable {
    /// Scheme, host and port, and a path prefix where there is one.
    package var server: String
    package var contextName: String?
    package var userName: String?
    /// The namespace of the context; `default` when it has none.
    package var namespace = "default"
    package var tlsServerName: String?
    package var skipsVerification = false
    /// The authority's certificates in PEM; nil: the system's.
    package var authority: [UInt8]?
    package var proxy: String?
    /// The cluster's extension for credential plug-ins, which those that ask for it are given.
    package var pluginConfiguration: JSON?
    package var user = Kubeconfig.User()

    package init(server: String) { self.server = server }
}

/// What the command line sets on top of a kubeconfig.
package struct ConnectionOptions: Sendable {
    package var kubeconfig: String?
    package var context: String?
    /// `--as`.
    package var impersonation: Impersonation?

    package init(kubeconfig: String? = nil, context: String? = nil, impersonation: Impersonation? = nil) {
        self.kubeconfig = kubeconfig
        self.context = context
        self.impersonation = impersonation
    }
}

extension Connection {
    /// What the context is called that no kubeconfig holds.
    package static let inClusterName = "in-cluster"

    /// The connection that kubectl would use: the kubeconfig's context, or, with no kubeconfig, the cluster that this process runs in.
    package static func resolve(
        _ options: ConnectionOptions = ConnectionOptions(), environment: [String: String], files: LocalFiles = .system
    ) throws(MartletError) -> Connection {
        var connection: Connection
        if let config = try Kubeconfig.load(explicit: options.kubeconfig, environment: environment, files: files) {
            connection = try config.connection(context: options.context, files: files)
            try connection.takeProxy(from: environment)
        } else if options.context == nil, let inside = try Connection.inCluster(environment: environment, files: files) {
            connection = inside
        } else {
            throw MartletError(
                .notFound, "there is no kubeconfig",
                details: ["looked at \(environment["KUBECONFIG"].map { "$KUBECONFIG (\($0))" } ?? "~/.kube/config")"],
                fix: "name one by --kubeconfig or $KUBECONFIG")
        }
        if let impersonation = options.impersonation { connection.user.impersonation = impersonation }
        if connection.user.impersonation.lacksUser {
            throw MartletError(.invalid, "groups, uid or extra of another user are asked for, but not as whom", fix: "add `as`, or --as")
        }
        return connection
    }

    /// The service account of the pod that this process runs in; nil outside a cluster. The token file is read again as it rotates.
    package static func inCluster(environment: [String: String], files: LocalFiles = .system) throws(MartletError) -> Connection? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"], !host.isEmpty,
            !port.isEmpty
        else { return nil }
        let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
        var connection = Connection(server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)")
        connection.contextName = inClusterName
        _ = try files.require(folder + "/token", "the token of the pod's service account")
        connection.user.tokenFile = folder + "/token"
        connection.authority = try files.require(folder + "/ca.crt", "the certificate authority of the cluster")
        if let namespace = try files.read(folder + "/namespace") {
            connection.namespace = String(decoding: namespace, as: UTF8.self).filter { !$0.isWhitespace }
        }
        try connection.takeProxy(from: environment)
        return connection
    }
}
