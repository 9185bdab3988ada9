import Core

/// Schemas of definitions: every value that is named has a type, and what else makes them structural (apiextensions-apiserver
/// pkg/apiserver/schema/validation.go).
extension Validation {
    mutating func definedSchema(_ schema: JSON?, _ field: String) {
        guard let schema, !schema.isNull else { return }
        if schema[text: "type"].isEmpty {
            if schema["x-kubernetes-preserve-unknown-fields"]?.bool != true {
                required("\(field).type", "must not be empty at the root")
            }
        } else if schema["type"] != "object" {
            invalid("\(field).type", schema["type"], "must be object at the root")
        }
        structure(schema, field)
    }

    private static let types = ["array", "boolean", "integer", "number", "object", "string"]

    private mutating func structure(_ schema: JSON, _ field: String) {
        let type = schema[text: "type"]
        if !type.isEmpty, !Validation.types.contains(type) { unsupported("\(field).type", .string(type), Validation.types) }
        let rest = schema["additionalProperties"]
        if let rest, rest != false, schema["properties"]?.object?.isEmpty == false {
            forbidden("\(field).additionalProperties", "additionalProperties and properties are mutual exclusive")
        }
        if type == "array", schema["items"] == nil { required("\(field).items", "must be specified") }
        if let kind = schema["x-kubernetes-list-type"]?.string {
            if type != "array" { invalid("\(field).type", .string(type), "must be array if x-kubernetes-list-type is specified") }
            let keys = schema["x-kubernetes-list-map-keys"]?.array ?? []
            if kind == "map", keys.isEmpty {
                required("\(field).x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map")
            }
        }
        if let value = schema["default"], !value.isNull {
            causes += StructuralSchema(schema).findings(ofDefault: value, "\(field).default")
        }
        for (name, property) in members(schema["properties"]) {
            typed(property, "\(field).properties[\(name)]", "must not be empty for specified object fields")
        }
        if let items = schema["items"], items.object != nil {
            typed(items, "\(field).items", "must not be empty for specified array items")
        }
        if let rest, rest.object != nil {
            typed(rest, "\(field).additionalProperties", "must not be empty for specified object fields")
        }
    }

    private mutating func typed(_ schema: JSON, _ field: String, _ why: String) {
        let isOpen = ["x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"].contains { schema[$0]?.bool == true }
        if schema[text: "type"].isEmpty, !isOpen { required("\(field).type", why) }
        structure(schema, field)
    }
}
