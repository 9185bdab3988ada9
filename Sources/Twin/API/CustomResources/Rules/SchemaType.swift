import CEL
import Core
import Foundation
import Kubernetes

/// The types that rules see of a structural schema, and the values of a document under it (kubernetes.io "Extend the Kubernetes API with
/// CustomResourceDefinitions", "Validation rules", the tables of types and of escaped names).
enum SchemaType {
    /// The type of a schema. `isRoot`: of a resource, whose `metadata` has only the names.
    static func type(of schema: JSON, isRoot: Bool = false, name: String = "selfType") -> ValueType {
        if schema["x-kubernetes-int-or-string"]?.bool == true { return .dyn }
        switch schema["type"]?.string {
        case "object":
            if let inner = schema["additionalProperties"], inner.object != nil {
                return .map(.string, type(of: inner, name: name + ".@elem"))
            }
            var fields: [String: ValueType] = [:]
            for (key, inner) in schema["properties"]?.object ?? [:] {
                if let escaped = escaped(key) { fields[escaped] = type(of: inner, name: "\(name).\(key)") }
            }
            if isRoot || schema["x-kubernetes-embedded-resource"]?.bool == true {
                fields["apiVersion"] = .string
                fields["kind"] = .string
                fields["metadata"] = .object(
                    ObjectType(name: "\(name).metadata", fields: ["name": .string, "generateName": .string]))
            }
            return .object(ObjectType(name: name, fields: fields))
        case "array": return .list(schema["items"].map { type(of: $0, name: name + ".@idx") } ?? .dyn)
        case "string": return text(schema["format"]?.string)
        case "integer": return .int
        case "number": return .double
        case "boolean": return .bool
        default: return .dyn
        }
    }

    private static func text(_ format: String?) -> ValueType {
        switch format {
        case "byte": .bytes
        case "date", "date-time": .timestamp
        case "duration": .duration
        default: .string
        }
    }

    /// The value of a document under a schema. What does not fit it stays as it is.
    static func value(_ json: JSON, _ schema: JSON, isRoot: Bool = false) -> Value {
        switch json {
        case .object(let members):
            guard schema["type"] == "object", schema["x-kubernetes-int-or-string"]?.bool != true else { return Value(json) }
            let isResource = isRoot || schema["x-kubernetes-embedded-resource"]?.bool == true
            var map = ValueMap()
            for (key, child) in members {
                if isResource, ["apiVersion", "kind", "metadata"].contains(key) {
                    map[.string(key)] = Value(child)
                } else if let inner = schema["properties"]?[key] {
                    if let escaped = escaped(key) { map[.string(escaped)] = value(child, inner) }
                } else if let inner = schema["additionalProperties"], inner.object != nil {
                    map[.string(key)] = value(child, inner)
                }
            }
            return .map(map)
        case .array(let list): return schema["items"].map { items in .list(list.map { value($0, items) }) } ?? Value(json)
        case .integer(let number): return schema["type"] == "number" ? .double(Double(number)) : .int(number)
        case .number(let number):
            guard schema["type"] == "integer", let whole = Int64(exactly: number) else { return .double(number) }
            return .int(whole)
        case .string(let text): return value(text, schema["format"]?.string) ?? .string(text)
        case .null, .bool: return Value(json)
        }
    }

    private static func value(_ text: String, _ format: String?) -> Value? {
        switch format {
        case "byte": Data(base64Encoded: text).map { .bytes(Array($0)) }
        case "date-time": Timestamp(text).map { .timestamp($0) }
        case "date": Timestamp(text + "T00:00:00Z").map { .timestamp($0) }
        case "duration": Value(duration: text)
        default: nil
        }
    }

    // MARK: Names

    private static let reserved: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while",
    ]

    /// The name of a property in rules; nil where none can name it.
    static func escaped(_ name: String) -> String? {
        if reserved.contains(name) { return "__\(name)__" }
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return nil }
        var out = ""
        var rest = name[...]
        while let c = rest.first {
            if rest.hasPrefix("__") {
                out += "__underscores__"
                rest = rest.dropFirst(2)
                continue
            }
            switch c {
            case ".": out += "__dot__"
            case "-": out += "__dash__"
            case "/": out += "__slash__"
            case "_", "a"..."z", "A"..."Z", "0"..."9": out.append(c)
            default: return nil
            }
            rest = rest.dropFirst()
        }
        return out
    }
}
