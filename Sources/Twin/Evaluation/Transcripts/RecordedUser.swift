import Core
import Foundation
import Kubernetes

/// Who asked, as the line `# credentials:` of an exchange says: a client certificate with its groups, a service account's token, or a token
/// that the server does not know. Where it also names a ClusterRole, that is bound to the group or user.
struct RecordedUser: Sendable {
    /// nil: nobody whom the server knows.
    var certificate: UserInfo?
    var tokens: [String: UserInfo] = [:]
    var role: String?

    init(_ exchange: Exchange) {
        let text = exchange.credentials
        if text.isEmpty { certificate = .administrator; return }
        if let start = text.range(of: "client certificate: ") {
            let name = text[start.upperBound...].prefix { $0 != " " && $0 != "(" }
            let inside = text.split(separator: "(", maxSplits: 1).dropFirst().first?.prefix { $0 != ")" } ?? ""
            var groups: [String] = []
            for part in inside.split(separator: ",").map({ String($0).trimmingSpaces }) {
                if part.hasPrefix("ClusterRole ") { role = String(part.dropFirst(12)); continue }
                groups.append(part.hasPrefix("group ") ? String(part.dropFirst(6)) : part)
            }
            certificate = UserInfo(
                name: String(name), groups: groups + ["system:authenticated"],
                credential: "X509SHA256=" + Digest.sha256Hex(Array(name.utf8)))
        } else if let start = text.range(of: "service account "), let header = exchange.requestHeaders["authorization"] {
            let parts = text[start.upperBound...].prefix { $0 != " " }.split(separator: "/").map(String.init)
            guard parts.count == 2, header.lowercased().hasPrefix("bearer ") else { return }
            tokens[String(header.dropFirst(7)).trimmingSpaces] = .serviceAccount(namespace: parts[0], name: parts[1])
        }
    }

    /// The binding of the role that the credentials name; nil without one.
    var binding: JSON? {
        guard let role, let user = certificate else { return nil }
        let group = user.groups.first { $0 != "system:authenticated" }
        let subject: JSON =
            group.map { ["kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": .string($0)] }
            ?? ["kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": .string(user.name)]
        return [
            "metadata": ["name": .string("recorded:\(role):\(group ?? user.name)")], "subjects": [subject],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(role)],
        ]
    }
}
