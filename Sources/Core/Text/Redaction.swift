/// Takes secrets out of text and objects that are not ours (INTERFACES section 7), before they are stored, shown or leave.
///
/// A value is a secret by the name it stands under (``SensitiveNames``) or by its shape: private keys, JSON web tokens, keys with
/// their maker's mark, bearer and basic credentials, passwords in URLs, long random text behind a sensitive word.
package struct Redactor: Sendable {
    package enum Mode: Sendable, Hashable {
        /// `<redacted:HMAC8>`, the first eight hexadecimal digits under a local key: a change of value is still seen.
        case keyed([UInt8])
        /// `<redacted:n>`, numbered by first appearance: the same value has the same number within one redactor.
        case numbered
    }

    private let mode: Mode
    private let names: SensitiveNames
    private var numbers: [String: Int] = [:]

    package init(_ mode: Mode, names: SensitiveNames = .standard) {
        self.mode = mode
        self.names = names
    }

    /// What stands in place of a secret value.
    package mutating func replacement(of value: String) -> String {
        if value.isEmpty || value.hasPrefix("<redacted:") { return value }
        switch mode {
        case .keyed(let key): return "<redacted:\(Digest.hmacHex(Array(value.utf8), key: key).prefix(8))>"
        case .numbered:
            let number = numbers[value] ?? numbers.count + 1
            numbers[value] = number
            return "<redacted:\(number)>"
        }
    }

    /// The text with every secret in it replaced. O(length).
    package mutating func text(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let ranges = SecretShapes.ranges(in: bytes, names: names)
        if ranges.isEmpty { return text }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var position = 0
        for range in ranges {
            out += bytes[position..<range.lowerBound]
            out += replacement(of: String(decoding: bytes[range], as: UTF8.self)).utf8
            position = range.upperBound
        }
        out += bytes[position...]
        return String(decoding: out, as: UTF8.self)
    }

    /// The object with every secret in it replaced: values of sensitive members, `name`/`value` pairs, arguments, all data of a
    /// Secret, field changes by the name in their path, JSON inside strings, and what text anywhere gives away.
    package mutating func json(_ json: JSON) -> JSON { redact(json, under: nil) }

    private mutating func redact(_ json: JSON, under name: String?) -> JSON {
        switch json {
        case .string(let value):
            if let name, names.contains(name) { return .string(replacement(of: value)) }
            return .string(string(value))
        case .integer, .number:
            if let name, names.contains(name) { return .string(replacement(of: json.text())) }
            return json
        case .array(let elements): return .array(array(elements, under: name))
        case .object(let members): return .object(object(members))
        default: return json
        }
    }

    private mutating func string(_ value: String) -> String {
        if value.utf8.count > 1, let first = value.utf8.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let nested = try? JSON(parsing: value)
        {
            let redacted = json(nested)
            return redacted == nested ? value : redacted.text()
        }
        return text(value)
    }

    /// `["--password", "x"]` and `["mysql", "-px"]`: what stands at or behind a flag that takes a secret is one.
    private mutating func array(_ elements: [JSON], under name: String?) -> [JSON] {
        var out: [JSON] = []
        var isValue = false, isPair = false
        var short: PasswordFlag?
        for element in elements {
            let wasValue = isValue
            isValue = false
            guard case .string(let text) = element else {
                let isNumber = if case .object = element { false } else if case .array = element { false } else { true }
                out.append(wasValue && isNumber ? .string(replacement(of: element.text())) : redact(element, under: nil))
                continue
            }
            if wasValue && !text.hasPrefix("-") {
                out.append(.string(isPair ? pair(text) : replacement(of: text)))
                continue
            }
            if let flag = short, text.hasPrefix("\(flag.text)") {
                let rest = String(text.dropFirst(2))
                (isValue, isPair) = (rest.isEmpty && flag.isSeparate, flag.isPair)
                if !rest.isEmpty, flag.isAttached {
                    out.append(.string("\(flag.text)" + (flag.isPair ? pair(rest) : replacement(of: rest))))
                    continue
                }
            }
            short = PasswordFlag.of(program: text) ?? short
            let flag = text.drop { $0 == "-" }
            if text.hasPrefix("-") && !flag.contains("=") && names.contains(flag) { (isValue, isPair) = (true, false) }
            out.append(redact(element, under: name == "secrets" || name == "imagePullSecrets" ? nil : name))
        }
        return out
    }

    /// `user:x`
    private mutating func pair(_ text: String) -> String {
        guard let colon = text.firstIndex(of: ":") else { return text }
        return text[...colon] + replacement(of: String(text[text.index(after: colon)...]))
    }

    private mutating func object(_ members: JSONObject) -> JSONObject {
        let isSecret = members["kind"]?.string == "Secret"
        // {"name": "DB_PASSWORD", "value": "x"} and {"path": "…env[DB_PASSWORD]", "from": "x", "to": "y"}
        let pair = members["value"] == nil ? nil : members["name"]?.string
        let path = members["from"] == nil && members["to"] == nil ? nil : members["path"]?.string.map(Redactor.lastName)
        var out: JSONObject = [:]
        for (key, value) in members {
            switch (key, value) {
            case ("data", .object(let data)) where isSecret, ("stringData", .object(let data)) where isSecret:
                var values: JSONObject = [:]
                for (name, value) in data { values[name] = .string(replacement(of: value.string ?? value.text())) }
                out[key] = .object(values)
            // What a container runs is one line, which its specification divides.
            case ("command", .array(let first)):
                out[key] = .array(Array(array(first + (members["args"]?.array ?? []), under: key).prefix(first.count)))
            case ("args", .array(let rest)):
                out[key] = .array(Array(array((members["command"]?.array ?? []) + rest, under: key).suffix(rest.count)))
            case ("value", _) where pair != nil: out[key] = redact(value, under: pair)
            case ("from", _) where path != nil, ("to", _) where path != nil: out[key] = redact(value, under: path)
            default: out[key] = redact(value, under: key)
            }
        }
        return out
    }

    /// `DB_PASSWORD` of `spec.template.spec.containers[api].env[DB_PASSWORD]`.
    private static func lastName(_ path: String) -> String {
        let trimmed = path.hasSuffix("]") ? path.dropLast() : path[...]
        return String(trimmed.split(whereSeparator: { $0 == "[" || $0 == "." || $0 == "]" }).last ?? "")
    }
}
