import Core
import Foundation

/// Addresses and networks (apimachinery pkg/util/validation/ip.go).
extension Validation {
    mutating func address(_ text: String, _ field: String) {
        if IPAddress(text) == nil {
            invalid(field, .string(text), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
        }
    }

    mutating func network(_ text: String, _ field: String) {
        if IPNetwork(text) == nil {
            invalid(field, .string(text), "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
        }
    }

    /// No endpoint can be where every machine is, or nobody is.
    mutating func notSpecial(_ text: String, _ field: String) {
        guard let address = IPAddress(text) else { return invalid(field, .string(text), "must be a valid IP address") }
        let bytes = address.bytes
        if bytes.allSatisfy({ $0 == 0 }) { invalid(field, .string(text), "may not be unspecified (\(text))") }
        if address.isFour ? bytes[0] == 127 : bytes.dropLast().allSatisfy({ $0 == 0 }) && bytes.last == 1 {
            invalid(field, .string(text), "may not be in the loopback range (127.0.0.0/8, ::1/128)")
        }
        if address.isFour ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 {
            invalid(field, .string(text), "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
        }
        if address.isFour ? bytes.starts(with: [224, 0, 0]) : bytes[0] == 0xFF && bytes[1] & 0xF == 2 {
            invalid(field, .string(text), "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        }
    }
}

/// An address of IPv4 (four bytes) or IPv6 (sixteen).
struct IPAddress: Equatable {
    var bytes: [UInt8]
    var isFour: Bool { bytes.count == 4 }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count <= 3 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt8($0) : nil }
        if parts.count == 4, numbers.count == 4 {
            bytes = numbers
            return
        }
        var raw = in6_addr()
        guard text.contains(":"), inet_pton(AF_INET6, text, &raw) == 1 else { return nil }
        bytes = withUnsafeBytes(of: raw) { Array($0) }
    }
}

/// An address and how many of its bits are those of the network.
struct IPNetwork {
    var address: IPAddress
    var length: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]),
            (0...address.bytes.count * 8).contains(length), !parts[1].hasPrefix("+")
        else { return nil }
        (self.address, self.length) = (address, length)
    }

    func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return (0..<length).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return address.bytes[bit / 8] & mask == other.bytes[bit / 8] & mask
        }
    }
}
