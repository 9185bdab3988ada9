import Core
import Foundation

/// The proxy that environment variables ask for, as Go's `net/http` reads them (golang.org/x/net/http/httpproxy), and with it kubectl:
/// `HTTPS_PROXY` or `HTTP_PROXY` by the server's scheme, but for this machine itself and for what `NO_PROXY` names.
struct EnvironmentProxy {
    /// The variable that it comes from, for error texts.
    let variable: String
    let url: String

    /// Nil: none is asked for.
    init?(for address: ServerAddress, environment: [String: String]) {
        func value(_ name: String) -> String? {
            [name, name.lowercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        variable = address.isSecure ? "HTTPS_PROXY" : "HTTP_PROXY"
        guard let url = value(variable) else { return nil }
        if EnvironmentProxy.isLocal(address.host) || EnvironmentProxy.isExempt(address, by: value("NO_PROXY") ?? "") { return nil }
        self.url = url.contains("://") ? url : "http://" + url
    }

    private static func isLocal(_ host: String) -> Bool {
        guard let bytes = bytes(ofAddress: host) else { return host.lowercased() == "localhost" }
        return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    private static func isExempt(_ address: ServerAddress, by list: String) -> Bool {
        let host = address.host.lowercased()
        let own = bytes(ofAddress: host)
        return list.split(separator: ",").contains { item in
            let item = item.trimmingCharacters(in: .whitespaces).lowercased()
            if item == "*" { return true }
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            if parts.count == 2, let network = bytes(ofAddress: String(parts[0])), let length = Int(parts[1]) {
                return own.map { isWithin($0, network, length) } ?? false
            }
            var name = item
            if let colon = item.lastIndex(of: ":"), bytes(ofAddress: item) == nil {
                guard Int(item[item.index(after: colon)...]) == address.port else { return false }
                name = String(item[..<colon])
            }
            if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
            if let exempt = bytes(ofAddress: name) { return exempt == own }
            if name.hasPrefix("*.") { name.removeFirst() }
            return !name.isEmpty && (host == name || host.hasSuffix(name.hasPrefix(".") ? name : "." + name))
        }
    }

    private static func isWithin(_ address: [UInt8], _ network: [UInt8], _ length: Int) -> Bool {
        guard address.count == network.count, (0...address.count * 8).contains(length) else { return false }
        return (0..<length).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return address[bit / 8] & mask == network[bit / 8] & mask
        }
    }

    /// 4 or 16 bytes; nil for what is no address.
    private static func bytes(ofAddress text: String) -> [UInt8]? {
        var four = in_addr(), six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four, Array.init) }
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: six, Array.init) }
        return nil
    }
}

extension Connection {
    /// Where the kubeconfig names no proxy, the environment may.
    /// - Throws: `invalid` for a proxy of a kind that is not known.
    mutating func takeProxy(from environment: [String: String]) throws(MartletError) {
        guard proxy == nil, let address = ServerAddress(server), let found = EnvironmentProxy(for: address, environment: environment)
        else { return }
        guard ProxyAddress(found.url) != nil else {
            throw MartletError(
                .invalid, "the proxy in \(found.variable) is none that is known: \(ProxyAddress.shown(found.url))",
                fix: "write \(ProxyAddress.forms), or name \(address.host) in NO_PROXY")
        }
        proxy = found.url
    }
}
