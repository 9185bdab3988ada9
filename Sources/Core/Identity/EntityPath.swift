import Foundation

/// The stable path of a thing that can break (INTERFACES section 1):
/// `k8s/<cluster>/<namespace or _>/<Kind, or Kind.group if not built in>/<name>[/<container>]`, segments percent-encoded.
///
/// A reference to text that never changes, with its hash: paths are keys everywhere and are copied, compared and looked up far more often
/// than they are made.
package struct EntityPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    private final class Segments: Sendable {
        let platform, cluster, namespace, kind, name: String
        let container: String?
        let hash: Int

        init(_ platform: String, _ cluster: String, _ namespace: String, _ kind: String, _ name: String, _ container: String?) {
            (self.platform, self.cluster, self.namespace) = (platform, cluster, namespace)
            (self.kind, self.name, self.container) = (kind, name, container)
            var hasher = Hasher()
            for segment in [namespace, kind, name] { hasher.combine(segment) }
            hasher.combine(container)
            hash = hasher.finalize()
        }
    }

    private let segments: Segments

    package var platform: String { segments.platform }
    package var cluster: String { segments.cluster }
    /// Empty for things that are in no namespace.
    package var namespace: String { segments.namespace }
    /// `Deployment`, or `Rollout.argoproj.io` for a kind that is not built in.
    package var kind: String { segments.kind }
    package var name: String { segments.name }
    package var container: String? { segments.container }

    package init(platform: String = "k8s", cluster: String, namespace: String, kind: String, name: String, container: String? = nil) {
        segments = Segments(platform, cluster, namespace, kind, name, container)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(segments.hash) }

    package static func == (a: EntityPath, b: EntityPath) -> Bool {
        let (a, b) = (a.segments, b.segments)
        if a === b { return true }
        return a.hash == b.hash && a.name == b.name && a.namespace == b.namespace && a.kind == b.kind && a.container == b.container
            && a.cluster == b.cluster && a.platform == b.platform
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
        container == nil ? self : EntityPath(platform: platform, cluster: cluster, namespace: namespace, kind: kind, name: name)
    }

    package func container(_ name: String) -> EntityPath {
        EntityPath(platform: platform, cluster: cluster, namespace: namespace, kind: kind, name: self.name, container: name)
    }

    package static func < (a: EntityPath, b: EntityPath) -> Bool {
        let (a, b) = (a.segments, b.segments)
        if a === b { return false }
        return (a.platform, a.cluster, a.namespace, a.kind, a.name, a.container ?? "")
            < (b.platform, b.cluster, b.namespace, b.kind, b.name, b.container ?? "")
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986 section 2.3), which nearly every name consists of.
    private static func encode(_ segment: String) -> String {
        func isUnreserved(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                true
            default: false
            }
        }
        if segment.utf8.allSatisfy(isUnreserved) { return segment }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in segment.utf8 {
            bytes += isUnreserved(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
