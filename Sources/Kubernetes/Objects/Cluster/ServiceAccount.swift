package import Core

/// The account that pods run as.
package struct ServiceAccount: KubernetesResource, Equatable {
    package static let type = ResourceType.serviceAccounts

    @Shared package var metadata: ObjectMeta
    package var imagePullSecrets: [String] = []
    package var secrets: [String] = []
    package var automountServiceAccountToken: Bool?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "imagePullSecrets": imagePullSecrets = try r.names()
            case "secrets": secrets = try r.names()
            case "automountServiceAccountToken": automountServiceAccountToken = try r.flag()
            default: try r.skip()
            }
        }
    }
}
