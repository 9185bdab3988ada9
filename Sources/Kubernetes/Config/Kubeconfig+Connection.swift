package import Core

extension Kubeconfig {
    /// The connection of a context, the current one when none is named. Contradictions and missing parts are refused, each by name.
    package func connection(context name: String? = nil, files: LocalFiles = .system) throws(MartletError) -> Connection {
        guard let name = name ?? currentContext else {
            throw refusal("no context is chosen", "choose one with --context: \(list(contexts.keys))")
        }
        guard let context = contexts[name] else {
            throw refusal("there is no context \"\(name)\"", "choose one of: \(list(contexts.keys))")
        }
        guard let cluster = clusters[context.cluster] else {
            throw refusal(
                "context \"\(name)\" names cluster \"\(context.cluster)\", which is not there",
                "add it, or let the context name one that is there: \(list(clusters.keys))")
        }
        var user = User()
        if !context.user.isEmpty {
            guard let found = users[context.user] else {
                throw refusal(
                    "context \"\(name)\" names user \"\(context.user)\", which is not there",
                    "add it, or let the context name one that is there: \(list(users.keys))")
            }
            user = found
        }
        try check(cluster, context.cluster)
        try check(user, context.user, files)
        var connection = Connection(server: cluster.server)
        connection.contextName = name
        connection.userName = context.user.isEmpty ? nil : context.user
        connection.namespace = context.namespace ?? "default"
        connection.tlsServerName = cluster.tlsServerName
        connection.skipsVerification = cluster.skipsVerification
        connection.authority = try cluster.authority?.bytes(files, "certificate-authority of cluster \"\(context.cluster)\"")
        connection.proxy = cluster.proxy
        connection.pluginConfiguration = cluster.pluginConfiguration
        connection.user = user
        return connection
    }

    private func check(_ cluster: Cluster, _ name: String) throws(MartletError) {
        guard !cluster.server.isEmpty else { throw refusal("cluster \"\(name)\" has no server", "add its address") }
        guard ServerAddress(cluster.server) != nil else {
            throw refusal(
                "the server of cluster \"\(name)\" is no address: \(ProxyAddress.shown(cluster.server))", "write https://host:port")
        }
        if cluster.isAmbiguous {
            throw refusal("cluster \"\(name)\" has both certificate-authority and certificate-authority-data", "keep one of them")
        }
        if cluster.skipsVerification && cluster.authority != nil {
            throw refusal("cluster \"\(name)\" has a certificate authority and insecure-skip-tls-verify", "keep one of them")
        }
        if let proxy = cluster.proxy, ProxyAddress(proxy) == nil {
            throw refusal(
                "the proxy-url of cluster \"\(name)\" is none that is known: \(ProxyAddress.shown(proxy))",
                "write \(ProxyAddress.forms)")
        }
    }

    private func check(_ user: User, _ name: String, _ files: LocalFiles) throws(MartletError) {
        if user.isAmbiguous { throw refusal("user \"\(name)\" has a certificate or key both inline and as a file", "keep one of them") }
        if user.certificate != nil && user.key == nil && user.exec == nil {
            throw refusal("user \"\(name)\" has a client certificate without its key", "add client-key or client-key-data")
        }
        if user.key != nil && user.certificate == nil {
            throw refusal("user \"\(name)\" has a client key without its certificate", "add client-certificate or client-certificate-data")
        }
        let hasToken = user.token != nil || user.tokenFile != nil
        if user.exec != nil && (hasToken || user.username != nil) || hasToken && user.username != nil {
            throw refusal("user \"\(name)\" has more than one way to sign in", "keep one of token, exec, and user name with password")
        }
        if let provider = user.authProvider {
            throw refusal("user \"\(name)\" uses auth-provider \(provider), which Kubernetes has given up", "use an exec plug-in instead")
        }
        _ = try user.certificate?.bytes(files, "client-certificate of user \"\(name)\"")
        _ = try user.key?.bytes(files, "client-key of user \"\(name)\"")
        if user.token == nil, let file = user.tokenFile { _ = try files.require(file, "tokenFile of user \"\(name)\"") }
    }

    private func refusal(_ why: String, _ fix: String) -> MartletError {
        MartletError(.invalid, "the kubeconfig \(sources.joined(separator: ", ")) cannot be used: \(why)", fix: fix)
    }

    private func list(_ names: some Sequence<String>) -> String {
        let sorted = names.sorted()
        return sorted.isEmpty ? "there are none" : sorted.prefix(20).joined(separator: ", ") + (sorted.count > 20 ? ", …" : "")
    }
}
