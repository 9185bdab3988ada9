import Core
import Kubernetes

/// The forms that names and labels must have, and the sentences that say so (apimachinery util/validation).
enum Names {
    static let subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    static let label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
        + "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    static let serviceName =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an "
        + "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
    static let labelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    static let qualifiedName =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName', "
        + " or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    static let configKey =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for "
        + "validation is '[-._a-zA-Z0-9]+')"

    static func isLabel(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        return isLower(first) && isLower(last) && bytes.allSatisfy { isLower($0) || $0 == UInt8(ascii: "-") }
    }

    static func isSubdomain(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                guard let first = part.utf8.first, let last = part.utf8.last else { return false }
                return isLower(first) && isLower(last) && part.utf8.allSatisfy { isLower($0) || $0 == UInt8(ascii: "-") }
            }
    }

    static func isLabelValue(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        return text.utf8.count <= 63 && isAlphanumeric(first) && isAlphanumeric(last) && text.utf8.allSatisfy(isNamePart)
    }

    static func isQualified(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty, parts.count <= 2, parts.count == 1 || isSubdomain(String(parts[0])) else {
            return false
        }
        return isLabelValue(String(name))
    }

    static func isConfigKey(_ text: String) -> Bool { (1...253).contains(text.utf8.count) && text.utf8.allSatisfy(isNamePart) }

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || (0x41...0x5A).contains(byte) }
    private static func isNamePart(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
}

extension String {
    var trimmingSpaces: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

/// Selectors as they stand in objects.
enum Selectors {
    static func labelSelector(_ json: JSON?) -> LabelSelector {
        var selector = LabelSelector(matchLabels: json?["matchLabels"]?.stringMap ?? [:])
        for one in json?["matchExpressions"]?.array ?? [] {
            guard let key = one["key"]?.string, let op = LabelSelector.Operator(rawValue: one["operator"]?.string ?? "") else { continue }
            selector.matchExpressions.append(
                LabelSelector.Requirement(key: key, operator: op, values: (one["values"]?.array ?? []).compactMap(\.string)))
        }
        return selector
    }
}

/// Amounts of resources as they stand in objects.
enum Amounts {
    static func quantity(_ value: JSON?) -> Quantity? {
        switch value {
        case .string(let text)?: Quantity(text)
        case .integer(let number)?: Quantity(Int(number))
        case .number?: Quantity(value?.text() ?? "")
        default: nil
        }
    }
}
