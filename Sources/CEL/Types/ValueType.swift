/// A type of the language (cel-spec, langdef.md, "Values").
package indirect enum ValueType: Sendable, Hashable {
    /// Known only when the program runs.
    case dyn
    case null, bool, int, uint, double, string, bytes, timestamp, duration
    case list(ValueType)
    case map(ValueType, ValueType)
    case optional(ValueType)
    case type(ValueType)
    case object(ObjectType)
    /// A type of a library, such as a quantity.
    case opaque(String)
    /// A parameter of a function's signature.
    case parameter(String)
}

/// An object with known fields. Two are the same when their names are.
package final class ObjectType: Sendable, Hashable {
    /// As messages name it.
    package let name: String
    /// By the name that expressions use.
    package let fields: [String: ValueType]

    package init(name: String, fields: [String: ValueType]) {
        self.name = name
        self.fields = fields
    }

    package static func == (a: ObjectType, b: ObjectType) -> Bool { a.name == b.name }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ValueType {
    /// How deep lists, maps and the like are in it.
    package var depth: Int {
        switch self {
        case .list(let inner), .optional(let inner), .type(let inner): 1 + inner.depth
        case .map(let key, let value): 1 + max(key.depth, value.depth)
        default: 1
        }
    }
}

extension ValueType: CustomStringConvertible {
    /// As cel-go names types in its messages.
    package var description: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .optional(let inner): "optional_type(\(inner))"
        case .type(let inner): "type(\(inner))"
        case .object(let type): type.name
        case .opaque(let name), .parameter(let name): name
        }
    }
}
