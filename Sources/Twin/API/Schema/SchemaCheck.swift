import Core

/// Compares an object with its schema: unknown fields, and values of the wrong type.
struct SchemaCheck {
    private let schemas = Schemas.builtIn
    /// `spec.template.spec.containers[0].imagePullPolcy`, in the order in which the document has them, as the real
    /// server's decoder meets them.
    private(set) var unknown: [String] = []
    /// As Go's decoder words it.
    private(set) var wrongType: String?

    init(_ object: JSON, schema: ObjectSchema?) {
        if let schema { check(object, .object(schema.name, retainKeys: false), path: "", owner: schema.name) }
    }

    private mutating func check(_ value: JSON, _ type: FieldType, path: String, owner: String) {
        if value.isNull { return }
        switch type {
        case .object(let name, _):
            guard let schema = schemas[name] else { return }
            guard case .object(let members) = value else { return wrong(value, path, owner, "v1.\(name)") }
            for key in members.keys {
                let inner = path.isEmpty ? key : "\(path).\(key)"
                guard let field = schema[key] else { unknown.append(inner); continue }
                check(members[key] ?? .null, field, path: inner, owner: name)
            }
        case .map(let element, _):
            guard case .object(let members) = value else { return wrong(value, path, owner, "map[string]string") }
            for key in members.keys.sorted() { check(members[key] ?? .null, element, path: "\(path).\(key)", owner: owner) }
        case .list(let element, _):
            guard case .array(let list) = value else { return wrong(value, path, owner, "[]\(SchemaCheck.goName(element))") }
            for (i, item) in list.enumerated() { check(item, element, path: "\(path)[\(i)]", owner: owner) }
        case .string, .bytes, .time, .microTime: if value.string == nil { wrong(value, path, owner, "string") }
        case .integer: if value.int == nil { wrong(value, path, owner, "int32") }
        case .boolean: if value.bool == nil { wrong(value, path, owner, "bool") }
        case .number: if value.double == nil { wrong(value, path, owner, "float64") }
        case .quantity, .integerOrString: if value.string == nil, value.double == nil { wrong(value, path, owner, "string") }
        case .any: break
        }
    }

    private mutating func wrong(_ value: JSON, _ path: String, _ owner: String, _ wanted: String) {
        guard wrongType == nil else { return }
        let found =
            switch value {
            case .string: "string"
            case .bool: "bool"
            case .integer, .number: "number"
            case .array: "array"
            case .object: "object"
            case .null: "null"
            }
        var plain = ""
        var depth = 0
        for character in path {
            if character == "[" { depth += 1 } else if character == "]" { depth -= 1 } else if depth == 0 { plain.append(character) }
        }
        wrongType = "json: cannot unmarshal \(found) into Go struct field \(owner).\(plain) of type \(wanted)"
    }

    private static func goName(_ type: FieldType) -> String {
        switch type {
        case .object(let name, _): "v1.\(name)"
        case .integer: "int32"
        default: "string"
        }
    }
}
