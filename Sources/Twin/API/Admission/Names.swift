import Core
import Kubernetes

/// The forms that names and labels must have: each function gives the sentences that say what is wrong with a text, none where nothing is
/// (apimachinery util/validation).
enum Names {
    static let label: @Sendable (String) -> [String] = { text in
        var mistakes = tooLong(text, 63)
        if isLabel(text[...]) { return mistakes }
        mistakes.append(
            isSubdomain(text)
                ? "must not contain dots"
                : sentence(
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
                        + "alphanumeric character", "[a-z0-9]([-a-z0-9]*[a-z0-9])?", "my-name", "123-abc"))
        return mistakes
    }

    static let subdomain: @Sendable (String) -> [String] = { text in
        let rule = sentence(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
                + "alphanumeric character", "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", "example.com")
        return tooLong(text, 253) + (isSubdomain(text) ? [] : [rule])
    }

    /// `*.` before a subdomain.
    static let wildcard: @Sendable (String) -> [String] = { text in
        let rule = sentence(
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case "
                + "alphanumeric characters, '-' or '.' and end with an alphanumeric character",
            "\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", "*.example.com")
        return tooLong(text, 253) + (text.hasPrefix("*.") && isSubdomain(String(text.dropFirst(2))) ? [] : [rule])
    }

    static let serviceName: @Sendable (String) -> [String] = { text in
        let rule = sentence(
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an "
                + "alphanumeric character", "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123")
        return tooLong(text, 63) + (isLabel(text[...]) && text.utf8.first.map(isDigit) == false ? [] : [rule])
    }

    static let labelValue: @Sendable (String) -> [String] = { text in
        let rule = sentence(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                + "alphanumeric character", "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?", "MyValue", "my_value", "12345")
        return tooLong(text, 63) + (text.isEmpty || isNamePart(text) ? [] : [rule])
    }

    /// A key of labels, annotations and the like: a name, with or without a domain before it.
    static let qualifiedName: @Sendable (String) -> [String] = { text in
        let rule = sentence(
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
            "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", "MyName", "my.name", "123-abc")
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 2 {
            return ["a valid label key \(rule) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
        }
        var mistakes: [String] = []
        if parts.count == 2 {
            mistakes += (parts[0].isEmpty ? ["must be non-empty"] : subdomain(parts[0])).map { "prefix part \($0)" }
        }
        let name = parts[parts.count - 1]
        mistakes += (name.isEmpty ? ["must be non-empty"] : tooLong(name, 63)).map { "name part \($0)" }
        return mistakes + (isNamePart(name) ? [] : ["name part \(rule)"])
    }

    static let configKey: @Sendable (String) -> [String] = { text in
        var mistakes = tooLong(text, 253)
        if text.isEmpty || !text.utf8.allSatisfy(isNameByte) {
            mistakes.append(
                sentence(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+", "key.name",
                    "KEY_NAME", "key-name"))
        }
        return mistakes + dots(text)
    }

    static let portName: @Sendable (String) -> [String] = { text in
        let bytes = Array(text.utf8)
        var mistakes = tooLong(text, 15)
        if bytes.isEmpty || !bytes.allSatisfy({ isLower($0) || $0 == dash }) {
            mistakes.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !bytes.contains(where: { isLower($0) && !isDigit($0) }) { mistakes.append("must contain at least one letter (a-z)") }
        if text.contains("--") { mistakes.append("must not contain consecutive hyphens") }
        if bytes.first == dash || bytes.last == dash { mistakes.append("must not begin or end with a hyphen") }
        return mistakes
    }

    static let environmentName: @Sendable (String) -> [String] = { text in
        text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "=") }
            ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    }

    /// What may stand between two slashes of a URL; the names of roles.
    static let pathSegment: @Sendable (String) -> [String] = { text in
        if text == "." || text == ".." { return ["may not be '\(text)'"] }
        return ["/", "%"].filter(text.contains).map { "may not contain '\($0)'" }
    }

    static let percent: @Sendable (String) -> [String] = { text in
        text.hasSuffix("%") && text.utf8.count > 1 && text.utf8.dropLast().allSatisfy(isDigit)
            ? []
            : [sentence("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%")]
    }

    static let headerName: @Sendable (String) -> [String] = { text in
        !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == dash }
            ? []
            : [sentence("a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name")]
    }

    private static func dots(_ text: String) -> [String] {
        if text == "." || text == ".." { return ["must not be '\(text)'"] }
        return text.hasPrefix("..") ? ["must not start with '..'"] : []
    }

    private static func tooLong(_ text: String, _ limit: Int) -> [String] {
        text.utf8.count > limit ? ["must be no more than \(limit) bytes"] : []
    }

    private static func sentence(_ rule: String, _ pattern: String, _ examples: String...) -> String {
        "\(rule) (e.g. \(examples.map { "'\($0)', " }.joined(separator: " or "))regex used for validation is '\(pattern)')"
    }

    // MARK: Forms, whatever the length

    private static func isLabel(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isLower(first) && isLower(last) && text.utf8.allSatisfy { isLower($0) || $0 == dash }
    }

    private static func isSubdomain(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
    }

    private static func isNamePart(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last) && text.utf8.allSatisfy(isNameByte)
    }

    private static let dash = UInt8(ascii: "-")
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || isDigit(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || (0x41...0x5A).contains(byte) }
    private static func isNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == dash || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
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

    /// Why a text is no amount, as the API server words it.
    static func problem(_ text: String) -> String {
        let suffix = text.drop { $0.isNumber || $0 == "." || $0 == "+" || $0 == "-" }
        let isForm = !suffix.isEmpty && suffix.count < text.count && suffix.allSatisfy { "eEinumkKMGTP".contains($0) }
        return isForm
            ? "unable to parse quantity's suffix"
            : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    }
}
