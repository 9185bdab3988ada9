import Core

extension StructuralSchema {
    /// The same as types with merge keys, for server-side apply: the object itself under `kind`.
    func types(of kind: String) -> Schemas {
        var types = Schemas.builtIn.types.filter { CustomTypes.metadata.contains($0.key) }
        var builder = CustomTypes()
        let members = builder.members(of: json, at: kind).filter { !CustomTypes.envelope.contains($0.name) }
        let root =
            [
                Field(name: "apiVersion", type: .string, isRequired: false), Field(name: "kind", type: .string, isRequired: false),
                Field(name: "metadata", type: .object("ObjectMeta", retainKeys: false), isRequired: false),
            ] + members
        types.merge(builder.types) { $1 }
        // What a schema keeps without naming it has no type.
        if !CustomTypes.isOpen(json) { types[kind] = ObjectSchema(name: kind, package: "", isAtomic: false, fields: root) }
        return Schemas(types: types)
    }
}

/// Types made of structural schemas, each under the path at which it stands.
private struct CustomTypes {
    static let metadata: Set<String> = ["ObjectMeta", "OwnerReference", "ManagedFieldsEntry"]
    static let envelope: Set<String> = ["apiVersion", "kind", "metadata"]

    private(set) var types: [String: ObjectSchema] = [:]

    static func isOpen(_ schema: JSON) -> Bool {
        ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"].contains { schema[$0]?.bool == true }
    }

    mutating func members(of schema: JSON, at path: String) -> [Field] {
        let properties = schema["properties"]?.object ?? [:]
        return properties.keys.sorted().map { name in
            Field(name: name, type: type(of: properties[name] ?? [:], at: "\(path).\(name)"), isRequired: false)
        }
    }

    private mutating func type(of schema: JSON, at path: String) -> FieldType {
        if CustomTypes.isOpen(schema) || schema["x-kubernetes-int-or-string"]?.bool == true { return .any }
        switch schema["type"]?.string {
        case "string": return .string
        case "integer": return .long
        case "number": return .number
        case "boolean": return .boolean
        case "array":
            let element = type(of: schema["items"] ?? [:], at: path + "[]")
            let keys = (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string)
            switch schema["x-kubernetes-list-type"]?.string {
            case "set": return .list(element, .set)
            case "map": return .list(element, .keyed(keys, mergeKey: keys.first ?? ""))
            default: return .list(element, .atomic)
            }
        case "object":
            let isAtomic = schema["x-kubernetes-map-type"] == "atomic"
            if let rest = schema["additionalProperties"], rest != false {
                return .map(rest.object == nil ? .any : type(of: rest, at: path + "{}"), atomic: isAtomic)
            }
            types[path] = ObjectSchema(name: path, package: "", isAtomic: isAtomic, fields: members(of: schema, at: path))
            return .object(path, retainKeys: false)
        default: return .any
        }
    }
}
