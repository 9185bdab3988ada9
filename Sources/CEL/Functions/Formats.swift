/// A named form of texts, such as a label of DNS.
struct NamedFormat: OpaqueValue {
    let name: String

    var type: ValueType { Formats.type }
}

/// Checks of common forms (kubernetes.io, "Kubernetes format library"): `format.dns1123Label().validate("a")` is an optional list of what is
/// wrong.
enum Formats {
    static let type = ValueType.opaque("kubernetes.NamedFormat")

    private static let label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
        + "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    private static let subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        + "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    private static let service =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
        + "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
        + "'[a-z]([-a-z0-9]*[a-z0-9])?')"
    private static let labelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
        + "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    private static let uuid = "does not match the UUID format"

    private static let forms: [String: (pattern: String, longest: Int, message: String)] = [
        "dns1123Label": ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", 63, label),
        "dns1123Subdomain": ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", 253, subdomain),
        "dns1035Label": ("^[a-z]([-a-z0-9]*[a-z0-9])?$", 63, service),
        "labelValue": ("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", 63, labelValue),
        "uuid": ("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", 36, uuid),
    ]

    static let overloads: [Overload] =
        forms.keys.sorted().map { name in
            Overload("format.\(name)", [], type) { _, _ in .opaque(NamedFormat(name: name)) }
        }
        + [
            Overload("format.named", [.string], .optional(type)) { values, _ in
                let name = values[0].string ?? ""
                return .optional(forms[name] == nil ? nil : .opaque(NamedFormat(name: name)))
            },
            Overload(on: type, "validate", [.string], .optional(.list(.string))) { values, meter in
                guard case .opaque(let format as NamedFormat) = values[0], let form = forms[format.name], let text = values[1].string
                else { throw EvaluationError.noSuchOverload }
                try meter.traverse(text.utf8.count)
                var wrong: [Value] = []
                if text.utf8.count > form.longest { wrong.append(.string("must be no more than \(form.longest) bytes")) }
                if let pattern = try? Pattern(form.pattern), !pattern.matches(text) { wrong.append(.string(form.message)) }
                return .optional(wrong.isEmpty ? nil : .list(wrong))
            },
        ]
}
