import Foundation

/// Decoded pairs of a query or a posted form, in their order; a name may stand several times.
struct Form: Sendable {
    private static let limit = 200

    let pairs: [(name: String, value: String)]

    /// `application/x-www-form-urlencoded`; parts that do not decode are left out.
    init(encoded text: some StringProtocol) {
        pairs = text.split(separator: "&").prefix(Self.limit).compactMap { part in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decode(_ text: Substring) -> String? { text.replacing("+", with: " ").removingPercentEncoding }
            guard let name = decode(Substring(halves[0])), let value = decode(halves.count > 1 ? Substring(halves[1]) : "") else {
                return nil
            }
            return (name, value)
        }
    }

    /// The first value that is not empty.
    subscript(name: String) -> String? { pairs.first { $0.name == name && !$0.value.isEmpty }?.value }
    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
}
