package import Core

/// How a simulated cluster starts.
package struct TwinOptions: Sendable {
    /// Everything random in the cluster comes from it.
    package var seed: UInt64
    /// Workers: names `worker-1`… with equal size.
    package var nodes: Int
    /// Quantities: what each worker has.
    package var nodeCPU: String
    package var nodeMemory: String
    /// Where the cluster's clock starts.
    package var start: Timestamp
    /// The version that `/version` tells.
    package var version: String
    /// Bearer tokens and whose they are; `Authorization: Bearer` with any other token is refused with 401.
    package var tokens: [String: UserInfo]
    /// Changes kept for watches that resume.
    package var historyLimit: Int

    package init(
        seed: UInt64 = 1, nodes: Int = 2, nodeCPU: String = "4", nodeMemory: String = "8Gi",
        start: Timestamp = Timestamp(seconds: Int64(1_767_225_600)), version: String = "v1.36.2",
        tokens: [String: UserInfo] = [:], historyLimit: Int = 20_000
    ) {
        self.seed = seed
        self.nodes = nodes
        self.nodeCPU = nodeCPU
        self.nodeMemory = nodeMemory
        self.start = start
        self.version = version
        self.tokens = tokens
        self.historyLimit = historyLimit
    }
}

/// Who asks (authentication.k8s.io UserInfo).
package struct UserInfo: Sendable, Hashable {
    package var name: String
    package var groups: [String]
    package var uid: String?
    /// Which certificate or token proved it: `X509SHA256=` and a digest in hex, or `JTI=` and the id of the token.
    package var credential: String?

    package init(name: String, groups: [String], uid: String? = nil, credential: String? = nil) {
        self.credential = credential
        self.name = name
        self.groups = groups
        self.uid = uid
    }

    /// The user of the kubeconfig that the twin writes.
    package static let administrator = UserInfo(name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"])

    /// Who shows no credentials at all (authentication/request/anonymous).
    static let anonymous = UserInfo(name: "system:anonymous", groups: ["system:unauthenticated"])

    /// Who shows a certificate that nobody vouches for: refused with 401, as an unknown token is.
    static let unrecognized = UserInfo(name: "", groups: [])

    /// Whom a token of a service account names.
    static func serviceAccount(namespace: String, name: String, uid: String? = nil) -> UserInfo {
        UserInfo(
            name: "system:serviceaccount:\(namespace):\(name)",
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated"], uid: uid)
    }
}
