import NIOSSL

extension TransportError {
    /// What a TLS library's error means. The library tells the reason by a name in its text only.
    static func tls(_ error: any Error) -> TransportError {
        let text = "\(error)"
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
            return TransportError(.untrusted, "the server's certificate does not hold for its address")
        }
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return TransportError(.untrusted, "the server's certificate is not trusted") }
        // Alerts are what the other side says: of our certificate.
        for (mark, meaning) in alerts where text.contains(mark) { return TransportError(.identity, meaning) }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return TransportError(.tls, "what answers there speaks no TLS", fix: "write http:// in the server's address if that is meant")
        }
        return TransportError(.tls, reason(text) ?? text)
    }

    private static let alerts = [
        ("ALERT_CERTIFICATE_REQUIRED", "it asks for a client certificate, and there is none"),
        ("ALERT_CERTIFICATE_EXPIRED", "it says that the client certificate has expired"),
        ("ALERT_UNKNOWN_CA", "it does not know the authority that signed the client certificate"),
        ("ALERT_CERTIFICATE_REVOKED", "it says that the client certificate was revoked"),
        ("ALERT_BAD_CERTIFICATE", "it does not take the client certificate"),
        ("ALERT_UNSUPPORTED_CERTIFICATE", "it does not take a client certificate of this kind"),
        ("ALERT_CERTIFICATE_UNKNOWN", "it does not take the client certificate"),
        ("ALERT_ACCESS_DENIED", "it does not let this client certificate in"),
    ]

    /// `NO_SHARED_CIPHER` of `…:OPENSSL_internal:NO_SHARED_CIPHER at /…`: the rest is about the library's own source.
    private static func reason(_ text: String) -> String? {
        guard let range = text.firstRange(of: "OPENSSL_internal:") else { return nil }
        return text[range.upperBound...].split(separator: " ").first.map { "the handshake failed: \($0)" }
    }
}
