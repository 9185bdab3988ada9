import Core

extension JSON {
    /// The value as YAML 1.2, keys in the order they are held. Strings that could be read as anything else, or that hold more than plain
    /// text, are double-quoted as in JSON, which YAML includes.
    var yaml: String {
        var lines: [String] = []
        appendYAML(to: &lines, indent: 0, prefix: "")
        return lines.joined(separator: "\n")
    }

    private func appendYAML(to lines: inout [String], indent: Int, prefix: String) {
        let space = String(repeating: " ", count: indent)
        switch self {
        case .object(let members) where !members.isEmpty:
            var lead = prefix
            for (key, value) in members {
                let name = JSON.yamlScalar(key)
                if let scalar = value.yamlInline {
                    lines.append("\(lead)\(name): \(scalar)")
                } else {
                    lines.append("\(lead)\(name):")
                    if case .array = value {
                        value.appendYAML(to: &lines, indent: indent, prefix: space)
                    } else {
                        value.appendYAML(to: &lines, indent: indent + 2, prefix: space + "  ")
                    }
                }
                lead = space
            }
        case .array(let elements) where !elements.isEmpty:
            var lead = prefix
            for element in elements {
                if let scalar = element.yamlInline {
                    lines.append("\(lead)- \(scalar)")
                } else {
                    element.appendYAML(to: &lines, indent: indent + 2, prefix: lead + "- ")
                }
                lead = space
            }
        default: lines.append(prefix + (yamlInline ?? ""))
        }
    }

    /// What stands behind `key:`; nil for what needs lines of its own.
    private var yamlInline: String? {
        switch self {
        case .string(let text): JSON.yamlScalar(text)
        case .array(let elements): elements.isEmpty ? "[]" : nil
        case .object(let members): members.isEmpty ? "{}" : nil
        default: text()
        }
    }

    private static func yamlScalar(_ value: String) -> String {
        let reserved: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        let first = value.unicodeScalars.first
        let plain =
            first.map { ("a"..."z").contains($0) || ("A"..."Z").contains($0) || $0 == "/" } ?? false
            && value.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", " ", "(", ")", "+", "=", "@", "%", ";": true
                default: false
                }
            } && value.last != " " && !reserved.contains(value.lowercased())
        return plain ? value : JSON.string(value).text()
    }
}
