import Foundation

/// RFC 4648.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }

    /// The alphabet of section 5 without padding, as continue tokens have it.
    static func urlEncode(_ bytes: [UInt8]) -> String {
        encode(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func urlDecode(_ text: String) -> [UInt8]? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return decode(plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
