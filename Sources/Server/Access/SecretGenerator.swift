import Core

/// Where secrets come from: 256 random bits as base64url. Injected, so that tests know them.
package struct SecretGenerator: Sendable {
    private let bytes: @Sendable (_ count: Int) -> [UInt8]

    package init(bytes: @escaping @Sendable (_ count: Int) -> [UInt8]) { self.bytes = bytes }

    /// The system's cryptographic generator.
    package static let system = SecretGenerator { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// `prefix` and 43 characters.
    package func secret(prefix: String = "") -> String { prefix + Base64URL.encode(bytes(32)) }
}

/// RFC 4648 section 5, without padding.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let chunk = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for (i, byte) in chunk.enumerated() { word |= UInt32(byte) << UInt32(16 - 8 * i) }
            for i in 0...chunk.count { out.append(alphabet[Int(word >> UInt32(18 - 6 * i) & 63)]) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Nil for characters outside the alphabet and for impossible lengths.
    static func decode(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var word: UInt32 = 0, bits = 0
        for byte in text.utf8 {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            word = word << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
                word &= (1 << UInt32(bits)) - 1
            }
        }
        return bits == 6 ? nil : out
    }
}
