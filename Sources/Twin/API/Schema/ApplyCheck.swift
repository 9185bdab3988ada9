import Core

/// What of an applied document does not fit its schema, in the words of structured-merge-diff: `.spec.replcas: field not declared in schema`.
struct ApplyCheck {
    private let schemas: Schemas
    private var problems: [String] = []

    /// nil: everything fits. `schemas` has the types that `schema` names.
    static func problem(_ object: JSON, schema: ObjectSchema?, in schemas: Schemas) -> String? {
        guard let schema else { return nil }
        var check = ApplyCheck(schemas: schemas)
        check.check(object, .object(schema.name, retainKeys: false), "")
        let found = check.problems
        return found.count > 1 ? "errors:\n" + found.map { "  \($0)" }.joined(separator: "\n") : found.first
    }

    private mutating func check(_ value: JSON, _ type: FieldType, _ path: String) {
        if value.isNull { return }
        switch type {
        case .object(let name, _):
            guard let schema = schemas[name] else { return }
            guard case .object(let members) = value else { return expected("map", value, path) }
            for (key, member) in members {
                guard let field = schema[key] else { problems.append("\(path).\(key): field not declared in schema"); continue }
                check(member, field, "\(path).\(key)")
            }
        case .map(let element, _):
            guard case .object(let members) = value else { return expected("map", value, path) }
            for (key, member) in members { check(member, element, "\(path).\(key)") }
        case .list(let element, let kind):
            guard case .array(let list) = value else { return expected("list", value, path) }
            if case .keyed(let keys, _) = kind, !keyed(list, keys, path) { return }
            for (i, item) in list.enumerated() {
                var place = "[\(i)]"
                if case .keyed(let keys, _) = kind {
                    place = "[" + keys.compactMap { key in item[key].map { "\(key)=\($0.text())" } }.joined(separator: ",") + "]"
                }
                check(item, element, path + place)
            }
        case .string, .bytes, .time, .microTime:
            if value.string == nil { problems.append("\(path): expected string, got &value.valueUnstructured{Value:\(value.text())}") }
        case .integer, .long, .number:
            if value.double == nil { problems.append("\(path): expected numeric (int or float), got \(ApplyCheck.goType(value))") }
        case .boolean: if value.bool == nil { expected("boolean", value, path) }
        case .quantity, .integerOrString, .any: break
        }
    }

    /// Whether every element of a list by key has its keys, and no two have the same.
    private mutating func keyed(_ list: [JSON], _ keys: [String], _ path: String) -> Bool {
        var seen: Set<String> = []
        for (i, item) in list.enumerated() {
            if let missing = keys.first(where: { item[$0] == nil && $0 != "protocol" }) {
                problems.append(
                    "\(path): element \(i): associative list with keys has an element that omits key field \"\(missing)\" (and doesn't have "
                        + "default value)")
                return false
            }
            let text = keys.map { "\($0)=\((item[$0] ?? "TCP").text())" }.joined(separator: ",")
            if !seen.insert(text).inserted {
                problems.append("\(path): duplicate entries for key [\(text)]")
                return false
            }
        }
        return true
    }

    private mutating func expected(_ what: String, _ value: JSON, _ path: String) {
        problems.append("\(path): expected \(what), got &{\(value.string ?? value.text())}")
    }

    private static func goType(_ value: JSON) -> String {
        switch value {
        case .string: "string"
        case .bool: "bool"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        case .integer: "int64"
        case .number: "float64"
        case .null: "<nil>"
        }
    }
}
