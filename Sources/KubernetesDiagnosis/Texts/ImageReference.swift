/// An image reference taken apart as containerd and Docker do (distribution/reference grammar).
struct ImageReference: Sendable, Hashable {
    /// `registry.example.com` or `docker.io`.
    let registry: String
    /// `shop/web`, `library/nginx`.
    let repository: String
    let tag: String?
    let digest: String?

    init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        // All that separates is ASCII.
        var rest = text[...].utf8
        var digest: String?
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            digest = String(Substring(rest[rest.index(after: at)...]))
            rest = rest[..<at]
        }
        var tag: String?
        if let colon = rest.lastIndex(of: UInt8(ascii: ":")), !rest[colon...].contains(UInt8(ascii: "/")) {
            tag = String(Substring(rest[rest.index(after: colon)...]))
            rest = rest[..<colon]
        }
        guard !rest.isEmpty else { return nil }
        let slash = rest.firstIndex(of: UInt8(ascii: "/"))
        let first = Substring(rest[..<(slash ?? rest.endIndex)])
        if let slash, first.utf8.contains(UInt8(ascii: ".")) || first.utf8.contains(UInt8(ascii: ":")) || first == "localhost" {
            registry = String(first)
            repository = String(Substring(rest[rest.index(after: slash)...]))
        } else {
            registry = "docker.io"
            repository = slash == nil ? "library/\(Substring(rest))" : String(Substring(rest))
        }
        self.tag = tag
        self.digest = digest
    }

    /// Registry and repository: what a tag belongs to.
    var name: String { "\(registry)/\(repository)" }
}

/// Why an image cannot be had, by the texts of containerd, CRI-O, Docker and the kubelet.
enum PullFailure: Sendable, Hashable {
    case invalidName, notFound, tagNotFound, unauthorized, rateLimited, unreachable, neverPresent, architecture, other

    init(reason: String, message: String) {
        if reason == "InvalidImageName" { self = .invalidName; return }
        if reason == "ErrImageNeverPull" { self = .neverPresent; return }
        let line = LogLine(message)
        if line.hasAny("toomanyrequests", "429 too many", "status code 429", "status: 429", "rate limit", "too many requests") {
            self = .rateLimited
        } else if line.hasAny("no space left on device", "disk quota exceeded", "input/output error") {
            self = .other
        } else if line.has("manifest unknown") || line.has("manifest for ") && line.has("not found") {
            // The registry knows the repository: it would say `name unknown` otherwise (distribution API, error codes).
            self = .tagNotFound
        } else if line.hasAny(
            "401 unauthorized", "403 forbidden", "unauthorized", "authorization failed", "access denied", "pull access denied",
            "no basic auth", "denied:", "authentication required", "insufficient_scope", "(forbidden)", "(unauthorized)",
            "invalid username/password", "status code 401", "status code 403")
        {
            self = .unauthorized
        } else if line.hasAny(
            "no such host", "dial tcp", "server gave http response", "unsupported protocol scheme", "i/o timeout", "connection refused",
            "tls handshake", "x509", "no route to host",
            "server misbehaving",
            "temporary failure", "deadline exceeded", "client.timeout", "connection reset", ": eof", "unexpected eof", "502 bad gateway",
            "503 service",
            "500 internal")
        {
            self = .unreachable
        } else if line.hasAny("no match for platform", "exec format") {
            self = .architecture
        } else if line.hasAny("not found", "manifest unknown", "name unknown", "repository does not exist", "does not exist") {
            self = .notFound
        } else if line.hasAny("invalid reference format", "couldn't parse image name") {
            self = .invalidName
        } else {
            self = .other
        }
    }
}
