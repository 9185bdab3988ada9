import Foundation

/// RFC 4648.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }

    /// The byte at which Go's decoder finds that a text is not base 64; nil where it is.
    static func firstFault(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
        var inQuantum = 0
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if isBreak(byte) { continue }
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): inQuantum = (inQuantum + 1) % 4
            case UInt8(ascii: "=") where inQuantum >= 2:
                if inQuantum == 2 {
                    while at < bytes.count, isBreak(bytes[at]) { at += 1 }
                    guard at < bytes.count else { return bytes.count }
                    guard bytes[at] == UInt8(ascii: "=") else { return at - 1 }
                    at += 1
                }
                while at < bytes.count, isBreak(bytes[at]) { at += 1 }
                return at < bytes.count ? at : nil
            default: return at - 1
            }
        }
        return inQuantum == 0 ? nil : bytes.count - inQuantum
    }

    /// The alphabet of section 5 without padding, as continue tokens have it.
    static func urlEncode(_ bytes: [UInt8]) -> String {
        encode(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func urlDecode(_ text: String) -> [UInt8]? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return decode(plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
