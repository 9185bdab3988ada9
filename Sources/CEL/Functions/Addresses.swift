/// An IP address, version 4 or 6, without a zone.
struct Address: OpaqueValue {
    /// 4 or 16 of them.
    let bytes: [UInt8]

    var type: ValueType { Addresses.type }

    init(bytes: [UInt8]) { self.bytes = bytes }

    init?(_ text: String) {
        guard let bytes = text.contains(":") ? Address.six(text) : Address.four(text) else { return nil }
        self.bytes = bytes
    }

    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap { part in
            part.count <= 3 && part.allSatisfy { ("0"..."9").contains($0) } && (part.count == 1 || part.first != "0") ? UInt8(part) : nil
        }
        return bytes.count == 4 ? bytes : nil
    }

    private static func six(_ text: String) -> [UInt8]? {
        var halves = text.split(separator: "::", omittingEmptySubsequences: false).map { String($0) }
        guard halves.count <= 2 else { return nil }
        if halves.count == 1 { halves.append("") }
        func groups(_ half: String) -> [UInt8]? {
            if half.isEmpty { return [] }
            var bytes: [UInt8] = []
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (i, part) in parts.enumerated() {
                if part.contains("."), i == parts.count - 1, let last = four(part) { return bytes + last }
                guard part.count <= 4, part.allSatisfy(\.isHexDigit), let group = UInt16(part, radix: 16) else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
            return bytes
        }
        guard let head = groups(halves[0]), let tail = groups(halves[1]) else { return nil }
        let gap = 16 - head.count - tail.count
        guard text.contains("::") ? gap >= 2 : gap == 0 else { return nil }
        let bytes = head + Array(repeating: 0, count: gap) + tail
        // An IPv4 address in the clothes of IPv6 is refused.
        return bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF ? nil : bytes
    }

    /// The shortest way to write it (RFC 5952).
    var text: String {
        guard bytes.count == 16 else { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var gap = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, gap.count) { gap = start..<end }
            start = max(end, start + 1)
        }
        func shown(_ part: some Sequence<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        return gap.isEmpty ? shown(groups) : "\(shown(groups[..<gap.lowerBound]))::\(shown(groups[gap.upperBound...]))"
    }

    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }
    var isLoopback: Bool { bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1 }
    private var isMulticast: Bool { bytes.count == 4 ? bytes[0] & 0xF0 == 0xE0 : bytes[0] == 0xFF }
    var isLinkLocalMulticast: Bool {
        bytes.count == 4 ? bytes.prefix(3).elementsEqual([224, 0, 0]) : bytes[0] == 0xFF && bytes[1] & 0x0F == 2
    }
    var isLinkLocalUnicast: Bool {
        bytes.count == 4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }
    var isGlobalUnicast: Bool {
        !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast && !(bytes.count == 4 && bytes.allSatisfy { $0 == 255 })
    }
}

/// A network, such as `10.0.0.0/8`.
struct Network: OpaqueValue {
    let address: Address
    let prefix: Int

    var type: ValueType { Addresses.networkType }

    init?(_ text: String) {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2, let address = Address(String(sides[0])), let prefix = Int(sides[1]), String(prefix) == sides[1],
            (0...address.bytes.count * 8).contains(prefix)
        else { return nil }
        (self.address, self.prefix) = (address, prefix)
    }

    /// The address with what is behind the prefix cleared.
    func masked(_ address: Address) -> Address {
        Address(
            bytes: address.bytes.enumerated().map { i, byte in
                let bits = min(8, max(0, prefix - i * 8))
                return bits == 8 ? byte : byte & ~(0xFF >> UInt8(bits))
            })
    }

    func contains(_ other: Address) -> Bool { other.bytes.count == address.bytes.count && masked(other) == masked(address) }
}

/// Functions of addresses and networks (kubernetes.io, "Kubernetes IP address library" and "Kubernetes CIDR library").
enum Addresses {
    static let type = ValueType.opaque("net.IP")
    static let networkType = ValueType.opaque("net.CIDR")

    private static func address(_ value: Value) throws -> Address {
        switch value {
        case .opaque(let address as Address): return address
        case .string(let text):
            guard let address = Address(text) else {
                throw EvaluationError(
                    "IP Address \(Conversions.quoted(text)) parse error during conversion from string: invalid IP address")
            }
            return address
        default: throw EvaluationError.noSuchOverload
        }
    }

    private static func network(_ value: Value) throws -> Network {
        switch value {
        case .opaque(let network as Network): return network
        case .string(let text):
            guard let network = Network(text) else {
                throw EvaluationError("network address parse error during conversion from string: invalid CIDR address: \(text)")
            }
            return network
        default: throw EvaluationError.noSuchOverload
        }
    }

    static let overloads: [Overload] =
        basics
        + [type, .string].map { other in
            Overload(on: networkType, "containsIP", [other], .bool) { values, _ in
                .bool(try network(values[0]).contains(try address(values[1])))
            }
        }
        + [networkType, .string].map { other in
            Overload(on: networkType, "containsCIDR", [other], .bool) { values, _ in
                let (outer, inner) = (try network(values[0]), try network(values[1]))
                return .bool(outer.prefix <= inner.prefix && outer.contains(inner.address))
            }
        }

    private static let basics: [Overload] = [
        Overload("ip", [.string], type) { values, _ in .opaque(try address(values[0])) },
        Overload("isIP", [.string], .bool) { values, _ in .bool(Address(values[0].string ?? "") != nil) },
        Overload("ip.isCanonical", [.string], .bool) { values, _ in .bool(try address(values[0]).text == values[0].string) },
        Overload("string", [type], .string) { values, _ in .string(try address(values[0]).text) },
        Overload(on: type, "family", .int) { values, _ in .int(try address(values[0]).bytes.count == 4 ? 4 : 6) },
        test("isUnspecified", { $0.isUnspecified }), test("isLoopback", { $0.isLoopback }),
        test("isLinkLocalMulticast", { $0.isLinkLocalMulticast }), test("isLinkLocalUnicast", { $0.isLinkLocalUnicast }),
        test("isGlobalUnicast", { $0.isGlobalUnicast }),
        Overload("cidr", [.string], networkType) { values, _ in .opaque(try network(values[0])) },
        Overload("isCIDR", [.string], .bool) { values, _ in .bool(Network(values[0].string ?? "") != nil) },
        Overload("string", [networkType], .string) { values, _ in
            let network = try network(values[0])
            return .string("\(network.address.text)/\(network.prefix)")
        },
        Overload(on: networkType, "ip", type) { values, _ in .opaque(try network(values[0]).address) },
        Overload(on: networkType, "masked", networkType) { values, _ in
            let network = try network(values[0])
            guard let masked = Network("\(network.masked(network.address).text)/\(network.prefix)") else {
                throw EvaluationError.noSuchOverload
            }
            return .opaque(masked)
        },
        Overload(on: networkType, "prefixLength", .int) { values, _ in .int(Int64(try network(values[0]).prefix)) },
    ]

    private static func test(_ name: String, _ property: @escaping @Sendable (Address) -> Bool) -> Overload {
        Overload(on: type, name, .bool) { values, _ in .bool(property(try address(values[0]))) }
    }
}
