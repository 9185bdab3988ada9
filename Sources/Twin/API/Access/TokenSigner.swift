import Core
import Crypto
import Foundation

/// Signs the tokens of service accounts as a real API server does with an elliptic key: JSON Web Tokens of the algorithm ES256 (RFC 7515, 7518).
/// The key never leaves the process.
struct TokenSigner: Sendable {
    static let issuer = "https://kubernetes.default.svc.cluster.local"

    private let key = P256.Signing.PrivateKey()

    /// The token that says these claims. Throws what the library refuses to sign.
    func token(_ claims: JSON) throws -> String {
        let keyID = Base64.urlEncode(Digest.sha256(Array(key.publicKey.derRepresentation)))
        let header: JSON = ["alg": "ES256", "kid": .string(keyID)]
        let signed = Base64.urlEncode(header.serialized()) + "." + Base64.urlEncode(claims.serialized())
        let signature = try key.signature(for: Data(signed.utf8)).rawRepresentation
        return signed + "." + Base64.urlEncode(Array(signature))
    }

    /// Whether a token was signed by this.
    func vouches(for token: String) -> Bool {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.urlDecode(String(parts[2])),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: bytes)
        else { return false }
        return key.publicKey.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8))
    }
}
