import Core
import Foundation

/// The parts of a server's address.
struct ServerAddress {
    let isSecure: Bool
    /// Without brackets.
    let host: String
    let port: Int
    /// Put before every path; empty or with a leading and no trailing slash.
    let prefix: String

    /// Nil unless it is `http` or `https` with a host, and without a password, which would be shown with it. Without a scheme it is `https` for port 443, else `http`, as kubectl has it.
    init?(_ text: String) {
        let full = text.contains("://") ? text : (text.hasSuffix(":443") ? "https://" : "http://") + text
        guard let parts = URLComponents(string: full), let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil,
            parts.user == nil,
            parts.scheme == "https" || parts.scheme == "http"
        else { return nil }
        isSecure = parts.scheme == "https"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        prefix = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
    }

    /// `https://name:port` with the host's name replaced.
    func url(host name: String) -> String { "\(isSecure ? "https" : "http")://\(name.contains(":") ? "[\(name)]" : name):\(port)\(prefix)" }
}

/// The parts of a proxy's address.
struct ProxyAddress {
    /// `https`: it is spoken to by TLS before it is asked for anything.
    enum Kind { case http, https, socks }

    /// For error texts.
    static let forms = "http://host:port, https://host:port or socks5://host:port"

    let kind: Kind
    let host: String
    let port: Int
    let username: String?
    let password: String?

    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else { return nil }
        switch parts.scheme {
        case "http": kind = .http
        case "https": kind = .https
        // The library knows no passwords for SOCKS: better refused than left out.
        case "socks5" where parts.user == nil, "socks5h" where parts.user == nil: kind = .socks
        default: return nil
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? [.http: 80, .https: 443, .socks: 1080][kind, default: 0]
        username = parts.user
        password = parts.password
    }

    /// An address as error texts may show it.
    static func shown(_ text: String) -> String {
        var redactor = Redactor(.numbered)
        return String(redactor.text(text).prefix(100))
    }
}
