/// No answer came, or it broke off: what a transport throws.
package struct TransportError: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// No connection: refused, no route, unknown host.
        case unreachable
        /// The certificate of the server, or the handshake, was not accepted.
        case tls
        /// Nothing came in time.
        case timeout
        /// The connection was closed before the answer was complete; the call may have been carried out.
        case closed
    }

    package let kind: Kind
    package let text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}
