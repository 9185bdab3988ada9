package import Core

/// Which `Host` and `Origin` a request may carry. A page of another site that has its name resolve to this machine (DNS rebinding)
/// sends its own name as `Host`; a form of another site sends its own `Origin`.
package struct SiteRule: Sendable {
    private let names: Set<String>
    private let publicOrigin: String?

    /// Names: those of the loopback interface, the listener's and the public address'. Addresses are always fine, since no name was
    /// resolved on the way.
    package init(_ settings: ListenerSettings) {
        var names: Set<String> = ["localhost"]
        if let listen = HostName(settings.listen.host) { names.insert(listen.name) }
        let address = settings.publicURL.flatMap { WebAddress($0) }
        if let address { names.insert(address.host) }
        self.names = names
        publicOrigin = address?.origin
    }

    /// - Throws: `invalid` for a missing or malformed host, `forbidden` for a foreign one.
    package func check(host: String?, origin: String?, fetchSite: String?, isChange: Bool) throws(MartletError) {
        guard let host, let name = HostName(host) else { throw MartletError(.invalid, "the request names no host") }
        guard name.isAddress || names.contains(name.name) else {
            throw MartletError(
                .forbidden, "\"\(name.name.prefix(100))\" is not a name of this server",
                details: ["the Host header is checked against DNS rebinding"],
                fix: "use 127.0.0.1, or set server.publicURL to the address that people use")
        }
        if let origin {
            let from = WebAddress(origin)
            let isSame = from.map { $0.host == name.name && $0.effectivePort(like: name) } ?? false
            guard isSame || (from != nil && from?.origin == publicOrigin) else {
                throw MartletError(.forbidden, "the request comes from a page of another site")
            }
        }
        if isChange, let fetchSite, fetchSite != "same-origin", fetchSite != "none" {
            throw MartletError(.forbidden, "the request comes from a page of another site")
        }
    }
}

extension WebAddress {
    /// Whether the port is the one that the host was asked on; a missing one is the scheme's.
    fileprivate func effectivePort(like host: HostName) -> Bool {
        let standard = scheme == "https" ? 443 : 80
        return (port ?? standard) == (host.port ?? standard)
    }
}
