/// No answer came, or it broke off: what a transport throws.
package struct TransportError: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// No connection: refused, no route, unknown host.
        case unreachable
        /// The handshake failed.
        case tls
        /// The server's certificate was not accepted.
        case untrusted
        /// The server did not accept the client's certificate, or asks for one.
        case identity
        /// Nothing came in time.
        case timeout
        /// The connection was closed before the answer was complete; the call may have been carried out.
        case closed
    }

    package let kind: Kind
    package let text: String
    /// What to do, where more can be said than the kind tells.
    package let fix: String?

    package init(_ kind: Kind, _ text: String, fix: String? = nil) {
        self.kind = kind
        self.text = text
        self.fix = fix
    }
}
