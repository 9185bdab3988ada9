/// The parts of an absolute `http` or `https` address that Martlet decides on. Strict: user names, spaces and control characters
/// make it invalid.
struct WebAddress: Hashable {
    let scheme: String
    /// Lower case, without brackets.
    let host: String
    let port: Int?

    init?(_ text: String) {
        guard let colon = text.range(of: "://", in: text.startIndex..<text.endIndex) else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[colon.upperBound...]
        guard !rest.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let parsed = HostName(String(authority)) else { return nil }
        host = parsed.name
        port = parsed.port
    }

    /// Scheme, host and port, the port left out where it is the scheme's own.
    var origin: String {
        let name = host.contains(":") ? "[\(host)]" : host
        guard let port, port != (scheme == "https" ? 443 : 80) else { return "\(scheme)://\(name)" }
        return "\(scheme)://\(name):\(port)"
    }
}

extension String {
    /// The first occurrence of a text, without Foundation's locale rules.
    fileprivate func range(of text: String, in bounds: Range<Index>) -> Range<Index>? {
        var start = bounds.lowerBound
        while start < bounds.upperBound {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
