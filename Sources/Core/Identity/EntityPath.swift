import Foundation

/// The stable path of a thing that can break (INTERFACES section 1):
/// `k8s/<cluster>/<namespace or _>/<Kind, or Kind.group if not built in>/<name>[/<container>]`, segments percent-encoded.
package struct EntityPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let platform: String
    package let cluster: String
    /// Empty for things that are in no namespace.
    package let namespace: String
    /// `Deployment`, or `Rollout.argoproj.io` for a kind that is not built in.
    package let kind: String
    package let name: String
    package let container: String?

    package init(platform: String = "k8s", cluster: String, namespace: String, kind: String, name: String, container: String? = nil) {
        self.platform = platform
        self.cluster = cluster
        self.namespace = namespace
        self.kind = kind
        self.name = name
        self.container = container
    }

    /// Reads a path; nil when it has not five or six segments, or a badly encoded one.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0).removingPercentEncoding }
        guard parts.count == 5 || parts.count == 6, !parts.contains(where: { $0 == nil || $0 == "" }) else { return nil }
        let p = parts.compactMap { $0 }
        self.init(
            platform: p[0], cluster: p[1], namespace: p[2] == "_" ? "" : p[2], kind: p[3], name: p[4],
            container: p.count == 6 ? p[5] : nil)
    }

    package var description: String {
        var segments = [platform, cluster, namespace.isEmpty ? "_" : namespace, kind, name]
        if let container { segments.append(container) }
        return segments.map(EntityPath.encode).joined(separator: "/")
    }

    /// `Kind/name`, as people write it: without the group of a kind that is not built in.
    package var resource: String { "\(kind.prefix { $0 != "." })/\(name)" }
    /// `namespace/Kind/name`, or `Kind/name` outside namespaces.
    package var shortDescription: String { namespace.isEmpty ? resource : "\(namespace)/\(resource)" }

    /// The thing itself where this names one of its containers.
    package var withoutContainer: EntityPath {
        EntityPath(platform: platform, cluster: cluster, namespace: namespace, kind: kind, name: name)
    }

    package func container(_ name: String) -> EntityPath {
        EntityPath(platform: platform, cluster: cluster, namespace: namespace, kind: kind, name: self.name, container: name)
    }

    package static func < (a: EntityPath, b: EntityPath) -> Bool {
        (a.platform, a.cluster, a.namespace, a.kind, a.name, a.container ?? "")
            < (b.platform, b.cluster, b.namespace, b.kind, b.name, b.container ?? "")
    }

    private static func encode(_ segment: String) -> String {
        segment.addingPercentEncoding(withAllowedCharacters: EntityPath.unreserved) ?? segment
    }

    /// RFC 3986 section 2.3.
    private static let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
