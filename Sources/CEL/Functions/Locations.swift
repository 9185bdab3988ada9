import Foundation

/// A URL, absolute or a path (kubernetes.io, "Kubernetes URL library").
struct Location: OpaqueValue {
    let parts: URLComponents

    var type: ValueType { Locations.type }

    init?(_ text: String) {
        guard !text.isEmpty, let parts = URLComponents(string: text, encodingInvalidCharacters: false),
            parts.scheme != nil || text.hasPrefix("/")
        else { return nil }
        self.parts = parts
    }

    /// Without the brackets of an IPv6 address.
    var hostname: String {
        let host = parts.host ?? ""
        return host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    var host: String {
        let name = hostname.contains(":") ? "[\(hostname)]" : hostname
        return parts.port.map { "\(name):\($0)" } ?? name
    }
}

/// Functions of URLs.
enum Locations {
    static let type = ValueType.opaque("kubernetes.URL")

    static let overloads: [Overload] = [
        Overload("url", [.string], type) { values, _ in
            let text = values[0].string ?? ""
            guard let location = Location(text) else {
                throw EvaluationError(
                    "URL parse error during conversion from string: parse \(Conversions.quoted(text)): invalid URI for request")
            }
            return .opaque(location)
        },
        Overload("isURL", [.string], .bool) { values, _ in .bool(Location(values[0].string ?? "") != nil) },
        part("getScheme") { $0.parts.scheme ?? "" },
        part("getHost") { $0.host },
        part("getHostname") { $0.hostname },
        part("getPort") { $0.parts.port.map { String($0) } ?? "" },
        part("getEscapedPath") { $0.parts.percentEncodedPath },
        Overload(on: type, "getQuery", .map(.string, .list(.string))) { values, _ in
            guard case .opaque(let location as Location) = values[0] else { throw EvaluationError.noSuchOverload }
            var query = ValueMap()
            for item in location.parts.queryItems ?? [] {
                var list: [Value] = []
                if case .list(let earlier)? = query[.string(item.name)] { list = earlier }
                query[.string(item.name)] = .list(list + [.string(item.value ?? "")])
            }
            return .map(query)
        },
    ]

    private static func part(_ name: String, _ body: @escaping @Sendable (Location) -> String) -> Overload {
        Overload(on: type, name, .string) { values, _ in
            guard case .opaque(let location as Location) = values[0] else { throw EvaluationError.noSuchOverload }
            return .string(body(location))
        }
    }
}
