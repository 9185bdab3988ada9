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

    static let wildcard =
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric "
        + "characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is "
        + "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

    private static func tooLong(_ limit: Int) -> String { "must be no more than \(limit) bytes" }

    private static func isLabelForm(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isLower(first) && isLower(last) && bytes.allSatisfy { isLower($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isSubdomainForm(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabelForm)
    }

    static func isSubdomain(_ text: String) -> Bool { subdomainProblems(text).isEmpty }

    static func labelProblems(_ text: String) -> [String] {
        var out = text.utf8.count > 63 ? [tooLong(63)] : []
        // The length has been looked at, so that it must be the dots.
        if !isLabelForm(text) { out.append(isSubdomainForm(text) ? "must not contain dots" : label) }
        return out
    }

    static func subdomainProblems(_ text: String) -> [String] {
        (text.utf8.count > 253 ? [tooLong(253)] : []) + (isSubdomainForm(text) ? [] : [subdomain])
    }

    static func serviceNameProblems(_ text: String) -> [String] {
        (text.utf8.count > 63 ? [tooLong(63)] : []) + (isLabelForm(text) && text.first?.isNumber == false ? [] : [serviceName])
    }

    static func labelValueProblems(_ text: String) -> [String] {
        (text.utf8.count > 63 ? [tooLong(63)] : []) + (text.isEmpty || isNameForm(text) ? [] : [labelValue])
    }

    static func qualifiedProblems(_ text: String) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let name = parts.last else {
            return [
                qualifiedName.replacing("name part", with: "a qualified name", maxReplacements: 1)
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ]
        }
        var out: [String] = []
        if parts.count == 2 {
            out += parts[0].isEmpty ? ["prefix part must be non-empty"] : subdomainProblems(parts[0]).map { "prefix part \($0)" }
        }
        if name.isEmpty {
            out.append("name part must be non-empty")
        } else if name.utf8.count > 63 {
            out.append("name part \(tooLong(63))")
        }
        if !isNameForm(name) { out.append(qualifiedName) }
        return out
    }

    static func configKeyProblems(_ text: String) -> [String] {
        var out = text.utf8.count > 253 ? [tooLong(253)] : []
        if text.isEmpty || !text.utf8.allSatisfy(isNamePart) { out.append(configKey) }
        if text == "." || text == ".." {
            out.append("must not be '\(text)'")
        } else if text.hasPrefix("..") {
            out.append("must not start with '..'")
        }
        return out
    }

    static func portNameProblems(_ text: String) -> [String] {
        var out = text.utf8.count > 15 ? [tooLong(15)] : []
        if text.isEmpty || !text.utf8.allSatisfy({ isLower($0) || $0 == UInt8(ascii: "-") }) {
            out.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !text.utf8.contains(where: { (0x61...0x7A).contains($0) }) { out.append("must contain at least one letter (a-z)") }
        if text.contains("--") { out.append("must not contain consecutive hyphens") }
        if text.hasPrefix("-") || text.hasSuffix("-") { out.append("must not begin or end with a hyphen") }
        return out
    }

    static func pathSegmentProblems(_ text: String) -> [String] {
        if text == "." || text == ".." { return ["may not be '\(text)'"] }
        return ["/", "%"].filter { text.contains($0) }.map { "may not contain '\($0)'" }
    }

    /// What is wrong with the name of an object of a type.
    static func problems(_ name: String, _ type: ResourceType) -> [String] {
        switch (type.group, type.plural) {
        case ("rbac.authorization.k8s.io", _), ("", "events"): pathSegmentProblems(name)
        case ("", "services"): serviceNameProblems(name)
        case ("", "namespaces"), ("apps", "statefulsets"): labelProblems(name)
        case ("batch", "cronjobs"):
            subdomainProblems(name) + (name.utf8.count > 52 ? ["must be no more than 52 characters"] : [])
        default: subdomainProblems(name)
        }
    }

    /// An address of IPv4 or IPv6.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4, parts.allSatisfy({ part in Int(part).map { (0...255).contains($0) && String($0) == part } == true }) {
            return true
        }
        return text.contains(":") && text.utf8.allSatisfy { isLower($0) || (0x41...0x46).contains($0) || $0 == UInt8(ascii: ":") }
    }

    static func isAddressRange(_ text: String) -> Bool {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard sides.count == 2, let bits = Int(sides[1]) else { return false }
        return isAddress(sides[0]) && (0...(sides[0].contains(":") ? 128 : 32)).contains(bits)
    }

    private static func isNameForm(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last) && text.utf8.allSatisfy(isNamePart)
    }

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

    /// Why a text is no amount, as the API server words it.
    static func problem(_ text: String) -> String {
        let suffix = text.drop { $0.isNumber || $0 == "." || $0 == "+" || $0 == "-" }
        let isForm = !suffix.isEmpty && suffix.count < text.count && suffix.allSatisfy { "eEinumkKMGTP".contains($0) }
        return isForm
            ? "unable to parse quantity's suffix"
            : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    }
}
