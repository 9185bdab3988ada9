import Core

/// How a receiver knows that a post is ours and fresh: `Martlet-Signature: t=<seconds since 1970>,v1=<hex HMAC-SHA256>` over
/// `<t>.<body>`. The time is signed, so an old post cannot be sent again.
enum WebhookSignature {
    static func headers(body: [UInt8], id: String, occasion: NotificationSettings.Occasion, secret: String?, at time: Timestamp)
        -> [(name: String, value: String)]
    {
        var headers = [
            ("Content-Type", "application/json"), ("User-Agent", "Martlet"), ("Martlet-Event", "incident.\(occasion.rawValue)"),
            ("Martlet-Delivery", id),
        ]
        if let secret { headers.append(("Martlet-Signature", signature(body: body, secret: secret, at: time))) }
        return headers.map { (name: $0.0, value: $0.1) }
    }

    static func signature(body: [UInt8], secret: String, at time: Timestamp) -> String {
        "t=\(time.wholeSeconds),v1=\(Digest.hmacHex(Array("\(time.wholeSeconds).".utf8) + body, key: Array(secret.utf8)))"
    }
}
