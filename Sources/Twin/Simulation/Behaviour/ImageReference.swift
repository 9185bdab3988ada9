/// An image reference as containerd reads it (github.com/distribution/reference): host, repository, tag or digest.
package struct ImageReference: Sendable, Hashable {
    package let host: String
    /// Without the host: `shop/web`.
    package let path: String
    package let tag: String?
    package let digest: String?

    /// `host/path`.
    package var repository: String { "\(host)/\(path)" }
    /// With the tag `latest` where none is given and no digest.
    package var canonical: String {
        if let digest { return "\(repository)\(tag.map { ":\($0)" } ?? "")@\(digest)" }
        return "\(repository):\(tag ?? "latest")"
    }

    package enum Invalid: Error, Sendable, Equatable {
        /// The repository that holds upper-case letters.
        case notLowercase(String)
        case format

        /// As containerd's reference parser words it.
        package var reason: String {
            switch self {
            case .notLowercase(let name): "invalid reference format: repository name (\(name)) must be lowercase"
            case .format: "invalid reference format"
            }
        }
    }

    package init(_ text: String) throws(Invalid) {
        var rest = Substring(text)
        var digest: String?
        if let at = rest.firstIndex(of: "@") {
            let value = rest[rest.index(after: at)...]
            guard value.hasPrefix("sha256:"), value.utf8.count == 71, value.dropFirst(7).utf8.allSatisfy(Self.isHex) else { throw .format }
            digest = String(value)
            rest = rest[..<at]
        }
        var tag: String?
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            let value = rest[rest.index(after: colon)...]
            guard let first = value.utf8.first, value.utf8.count <= 128, Self.isWord(first), value.utf8.allSatisfy(Self.isTagByte) else {
                throw .format
            }
            tag = String(value)
            rest = rest[..<colon]
        }
        var host = "docker.io"
        if let slash = rest.firstIndex(of: "/") {
            let first = rest[..<slash]
            if first.contains(".") || first.contains(":") || first == "localhost" {
                host = String(first)
                rest = rest[rest.index(after: slash)...]
            }
        }
        guard !rest.isEmpty else { throw .format }
        if rest.utf8.contains(where: { (0x41...0x5A).contains($0) }) { throw .notLowercase(String(rest)) }
        for part in rest.split(separator: "/", omittingEmptySubsequences: false) {
            guard let first = part.utf8.first, let last = part.utf8.last, Self.isLowerOrDigit(first), Self.isLowerOrDigit(last),
                part.utf8.allSatisfy({ Self.isLowerOrDigit($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D })
            else { throw .format }
        }
        if host == "docker.io", !rest.contains("/") { rest = Substring("library/\(rest)") }
        self.host = host
        self.path = String(rest)
        self.tag = tag
        self.digest = digest
    }

    private static func isHex(_ b: UInt8) -> Bool { (0x30...0x39).contains(b) || (0x61...0x66).contains(b) }
    private static func isLowerOrDigit(_ b: UInt8) -> Bool { (0x30...0x39).contains(b) || (0x61...0x7A).contains(b) }
    private static func isWord(_ b: UInt8) -> Bool { isLowerOrDigit(b) || (0x41...0x5A).contains(b) || b == 0x5F }
    private static func isTagByte(_ b: UInt8) -> Bool { isWord(b) || b == 0x2E || b == 0x2D }
}
