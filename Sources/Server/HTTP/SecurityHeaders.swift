import HTTPTypes

/// What browsers are told on every answer: nothing from elsewhere runs, frames or reads our pages.
enum SecurityHeaders {
    /// No inline script or style, no data from other hosts, no frames, forms only to ourselves.
    static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    private static let fields: [(String, String)] = [
        ("Content-Security-Policy", contentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        // Not `no-referrer`: browsers then send `Origin: null` with our own forms.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]

    static func add(to headers: inout HTTPFields, isTLS: Bool) {
        for (name, value) in fields { if let name = HTTPField.Name(name) { headers[name] = value } }
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        if isTLS { headers[.strictTransportSecurity] = "max-age=31536000" }
    }
}
