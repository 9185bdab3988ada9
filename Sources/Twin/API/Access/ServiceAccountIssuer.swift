import Core
import Crypto
import Foundation

/// Who vouches for tokens of service accounts: the key with which they are signed, and the documents with which others check them
/// (OpenID Connect Discovery 1.0, RFC 7517).
struct ServiceAccountIssuer: Sendable {
    static let name = "https://kubernetes.default.svc.cluster.local"
    private let key: P256.Signing.PrivateKey

    /// The same key for the same seed.
    init(seed: UInt64) {
        // One in 2³² digests is no key of the curve, and its digest is then tried.
        var secret = Digest.sha256(Array("service account issuer \(seed)".utf8))
        while true {
            if let key = try? P256.Signing.PrivateKey(rawRepresentation: secret) { self.key = key; return }
            secret = Digest.sha256(secret)
        }
    }

    /// `/.well-known/openid-configuration`
    var configuration: JSON {
        [
            "issuer": .string(Self.name), "jwks_uri": "\(Self.name)/openid/v1/jwks", "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
        ]
    }

    /// `/openid/v1/jwks`
    var keys: JSON {
        let point = Array(key.publicKey.rawRepresentation)
        return [
            "keys": [
                [
                    "use": "sig", "kty": "EC", "kid": .string(id), "crv": "P-256", "alg": "ES256",
                    "x": .string(Base64.urlEncode(Array(point.prefix(32)))), "y": .string(Base64.urlEncode(Array(point.suffix(32)))),
                ]
            ]
        ]
    }

    /// As the real server names a key: the digest of its public part.
    private var id: String { Base64.urlEncode(Digest.sha256(Array(key.publicKey.derRepresentation))) }

    /// A token with these claims (RFC 7515, compact form). Throws what the library says when it refuses to sign.
    func token(_ claims: JSON) throws -> String {
        let head: JSON = ["alg": "ES256", "kid": .string(id)]
        let text = "\(Base64.urlEncode(head.serialized())).\(Base64.urlEncode(claims.serialized()))"
        return "\(text).\(Base64.urlEncode(Array(try key.signature(for: Data(text.utf8)).rawRepresentation)))"
    }
}
