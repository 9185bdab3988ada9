/// The value of a `Host` header: a name or address, and the port if it was given.
struct HostName: Hashable {
    /// Lower case, without brackets.
    let name: String
    let port: Int?

    init?(_ text: String) {
        var name = text[...]
        var port: Int?
        if name.hasPrefix("[") {
            guard let close = name.firstIndex(of: "]") else { return nil }
            let rest = name[name.index(after: close)...]
            name = name[name.index(after: name.startIndex)..<close]
            guard name.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }), name.contains(":") else { return nil }
            if !rest.isEmpty {
                guard rest.first == ":", let number = Int(rest.dropFirst()), (1...65535).contains(number) else { return nil }
                port = number
            }
        } else if let colon = name.firstIndex(of: ":") {
            guard let number = Int(name[name.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            name = name[..<colon]
        }
        guard !name.isEmpty, name.utf8.allSatisfy(HostName.isAllowed) else { return nil }
        self.name = name.lowercased()
        self.port = port
    }

    /// Whether it is an address and not a name: an address cannot be rebound to another machine by DNS.
    var isAddress: Bool { name.contains(":") || HostName.isIPv4(name) }

    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { $0.count <= 3 && $0.allSatisfy { $0.isASCII && $0.isNumber } && Int($0).map { $0 < 256 } == true }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"): true
        default: false
        }
    }
}
