package import Core

/// A kubeconfig as kubectl understands it: one file, or several merged.
package struct Kubeconfig: Sendable {
    package struct Cluster: Sendable {
        package var server = ""
        package var tlsServerName: String?
        package var skipsVerification = false
        package var authority: Material?
        package var proxy: String?
        /// What is kept with the cluster for plug-ins: the extension `client.authentication.k8s.io/exec`.
        package var pluginConfiguration: JSON?
        /// Both forms were given, which kubectl refuses.
        var isAmbiguous = false
    }

    package struct User: Sendable {
        package var certificate: Material?
        package var key: Material?
        package var token: String?
        package var tokenFile: String?
        package var username: String?
        package var password: String?
        package var exec: ExecPlugin?
        package var impersonation = Impersonation()
        package var authProvider: String?
        var isAmbiguous = false
    }

    package struct Context: Sendable {
        package var cluster = ""
        package var user = ""
        package var namespace: String?
    }

    /// Bytes in the kubeconfig itself, or in a file beside it.
    package enum Material: Sendable, Hashable {
        case inline([UInt8])
        case file(String)

        func bytes(_ files: LocalFiles, _ what: String) throws(MartletError) -> [UInt8] {
            switch self {
            case .inline(let bytes): bytes
            case .file(let path): try files.require(path, what)
            }
        }
    }

    package var clusters: [String: Cluster] = [:]
    package var users: [String: User] = [:]
    package var contexts: [String: Context] = [:]
    package var currentContext: String?
    /// The files it was read from.
    package var sources: [String] = []

    package init() {}

    /// Adds a file behind those read before: what was there first stays, entry by entry.
    mutating func merge(_ other: Kubeconfig) {
        clusters.merge(other.clusters) { first, _ in first }
        users.merge(other.users) { first, _ in first }
        contexts.merge(other.contexts) { first, _ in first }
        if currentContext == nil { currentContext = other.currentContext }
        sources += other.sources
    }
}

extension Kubeconfig {
    /// Reads what kubectl would read: `explicit` (must exist), else the files of `$KUBECONFIG` (missing ones are passed over), else
    /// `~/.kube/config`. Nil when there is none at all.
    package static func load(
        explicit: String? = nil, environment: [String: String], files: LocalFiles = .system
    ) throws(MartletError) -> Kubeconfig? {
        if let explicit {
            return try Kubeconfig(parsing: try files.require(explicit, "kubeconfig"), path: explicit)
        }
        var result: Kubeconfig?
        for path in paths(environment: environment) {
            guard let content = try files.read(path) else { continue }
            let one = try Kubeconfig(parsing: content, path: path)
            if result == nil { result = one } else { result?.merge(one) }
        }
        return result
    }

    /// The files that are read when none is named: those of `$KUBECONFIG`, else `~/.kube/config`.
    package static func paths(environment: [String: String]) -> [String] {
        let paths = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        if paths.isEmpty, let home = environment["HOME"], !home.isEmpty { return [home + "/.kube/config"] }
        return paths
    }
}
