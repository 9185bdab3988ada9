import Crypto
import Foundation

/// SHA-256 and HMAC as the lower-case hexadecimal text that identities use.
package enum Digest {
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
    package static func sha256Hex(_ bytes: [UInt8]) -> String { hex(sha256(bytes)) }
    package static func sha256Hex(_ text: String) -> String { sha256Hex(Array(text.utf8)) }

    package static func hmacHex(_ bytes: [UInt8], key: [UInt8]) -> String {
        hex(Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key))))
    }

    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes { out.append(digits[Int(byte >> 4)]); out.append(digits[Int(byte & 15)]) }
        return String(decoding: out, as: UTF8.self)
    }

    /// Compares secrets in time that depends on their length only.
    package static func constantTimeEquals(_ a: String, _ b: String) -> Bool {
        let x = Array(a.utf8), y = Array(b.utf8)
        guard x.count == y.count else { return false }
        return zip(x, y).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
