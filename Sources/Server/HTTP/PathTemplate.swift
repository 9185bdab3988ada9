import Foundation

/// A path with named parts, written as OpenAPI does: `/api/v1/incidents/{incident}/assign`.
struct PathTemplate: Sendable, Hashable, CustomStringConvertible {
    private enum Part: Sendable, Hashable { case literal(String), name(String) }

    let description: String
    private let parts: [Part]

    init(_ text: String) {
        description = text
        parts = text.split(separator: "/").map { $0.first == "{" ? .name(String($0.dropFirst().dropLast())) : .literal(String($0)) }
    }

    var names: [String] { parts.compactMap { if case .name(let name) = $0 { name } else { nil } } }

    /// The named parts, decoded, when the path fits.
    func match(_ path: [Substring]) -> [String: String]? {
        guard path.count == parts.count else { return nil }
        var found: [String: String] = [:]
        for (part, text) in zip(parts, path) {
            switch part {
            case .literal(let literal): guard literal == text else { return nil }
            case .name(let name):
                guard let decoded = text.removingPercentEncoding, !decoded.isEmpty, decoded.utf8.count <= 256 else { return nil }
                found[name] = decoded
            }
        }
        return found
    }
}
