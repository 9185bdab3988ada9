/// A resource of the API: what it is called in paths and in objects.
package struct ResourceType: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let group: String
    package let version: String
    package let plural: String
    package let kind: String
    package let isNamespaced: Bool

    package init(group: String, version: String, plural: String, kind: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
        self.isNamespaced = isNamespaced
    }

    /// `v1`, `apps/v1`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    /// `pods`, `deployments.apps`.
    package var description: String { group.isEmpty ? plural : "\(plural).\(group)" }

    /// What it is called among the kinds that were listed (SNAPSHOT.md): its plural, but measurements of pods are not pods.
    package var listedName: String {
        switch (group, plural) {
        case ("metrics.k8s.io", "pods"): "podmetrics"
        case ("metrics.k8s.io", "nodes"): "nodemetrics"
        default: plural
        }
    }

    /// Whether a group is one of the API server's own, so that its kinds are told by their names alone.
    package static func isBuiltIn(group: String) -> Bool { !group.contains(".") || builtInGroups.contains(group) }

    private static let builtInGroups: Set<String> = Set(
        [
            "admissionregistration", "apiextensions", "apiregistration", "authentication", "authorization", "certificates", "coordination",
            "discovery", "events", "flowcontrol.apiserver", "internal.apiserver", "metrics", "networking", "node", "rbac.authorization",
            "resource", "scheduling", "storage", "storagemigration",
        ].map { $0 + ".k8s.io" })

    package static func < (a: ResourceType, b: ResourceType) -> Bool {
        (a.group, a.plural, a.version) < (b.group, b.plural, b.version)
    }

    /// The path of a collection or an object, segments percent-encoded: `/apis/apps/v1/namespaces/shop/deployments/checkout/scale`.
    package func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace, !namespace.isEmpty { path += "/namespaces/" + percentEncoded(namespace) }
        path += "/" + plural
        if let name { path += "/" + percentEncoded(name) }
        if let subresource { path += "/" + subresource }
        return path
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
package func percentEncoded(_ text: String) -> String {
    var out: [UInt8] = []
    let hex = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            out.append(byte)
        default: out += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
    }
    return String(decoding: out, as: UTF8.self)
}
