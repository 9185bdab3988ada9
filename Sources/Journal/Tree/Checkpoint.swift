package import Core
package import Crypto
import Foundation

/// A signed statement that the journal had `size` entries whose Merkle root was `root` (RFC 9162 section 4.10 in JSON).
/// One line of `checkpoints.jsonl`; kept elsewhere, it proves later what the journal held then.
package struct Checkpoint: Sendable, Hashable {
    package static let version = 1

    package var size: Int64
    /// Hex, 32 bytes.
    package var root: String
    package var time: Timestamp
    /// The Ed25519 public key, base64: what the signature is checked with. Trust comes from knowing its ``keyID``.
    package var publicKey: String
    /// Base64 of the Ed25519 signature over the canonical JSON of the other members.
    package var signature: String

    package init(size: Int64, root: String, time: Timestamp, publicKey: String, signature: String) {
        self.size = size
        self.root = root
        self.time = time
        self.publicKey = publicKey
        self.signature = signature
    }

    /// First 16 hex digits of the SHA-256 of the public key's bytes.
    package var keyID: String { Checkpoint.keyID(of: publicKey) }

    package static func keyID(of publicKey: String) -> String {
        String(Digest.sha256Hex(Array(Data(base64Encoded: publicKey) ?? Data())).prefix(16))
    }

    private var unsigned: JSON {
        [
            "v": JSON(Checkpoint.version), "size": .integer(size), "root": .string(root), "time": .string(time.description),
            "key": .string(keyID), "publicKey": .string(publicKey),
        ]
    }

    package var json: JSON {
        var json = unsigned
        json["signature"] = .string(signature)
        return json
    }

    /// Reads one; nil when it is not a checkpoint of this version, or its key id does not belong to its key.
    package init?(json: JSON) {
        guard json["v"]?.int == Checkpoint.version, case .integer(let size)? = json["size"], size >= 0,
            let root = json["root"]?.string, root.utf8.count == 64, let time = json["time"]?.string.flatMap({ Timestamp($0) }),
            let publicKey = json["publicKey"]?.string, let signature = json["signature"]?.string,
            json["key"]?.string == Checkpoint.keyID(of: publicKey)
        else { return nil }
        self.init(size: size, root: root, time: time, publicKey: publicKey, signature: signature)
    }

    /// Signs with an Ed25519 key. `time` is cut to whole milliseconds, as it is written.
    package static func signed(size: Int64, root: [UInt8], time: Timestamp, key: Curve25519.Signing.PrivateKey) throws -> Checkpoint {
        let time = Timestamp(time.description) ?? time
        var checkpoint = Checkpoint(
            size: size, root: Digest.hex(root), time: time, publicKey: key.publicKey.rawRepresentation.base64EncodedString(), signature: "")
        checkpoint.signature = try key.signature(for: checkpoint.unsigned.canonical()).base64EncodedString()
        return checkpoint
    }

    /// Whether the signature is that of ``publicKey`` over these members.
    package var hasValidSignature: Bool {
        guard let keyBytes = Data(base64Encoded: publicKey), let bytes = Data(base64Encoded: signature),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: keyBytes)
        else { return false }
        return key.isValidSignature(bytes, for: unsigned.canonical())
    }
}
