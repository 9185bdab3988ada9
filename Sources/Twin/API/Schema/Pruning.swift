import Core
import Kubernetes

/// Drops the fields that a schema does not know, and what Go leaves out, and writes amounts in their one form, as decoding into Go structs
/// does.
enum Pruning {
    static func prune(_ object: JSON, schema: ObjectSchema?) -> JSON {
        guard let schema else { return object }
        return pruned(object, .object(schema.name, retainKeys: false))
    }

    /// An empty map or list is not there at all in what Go writes.
    private static func isOmitted(_ value: JSON, _ type: FieldType) -> Bool {
        switch (type, value) {
        case (.map, .object(let members)): members.isEmpty
        case (.list, .array(let list)): list.isEmpty
        default: false
        }
    }

    private static func pruned(_ value: JSON, _ type: FieldType) -> JSON {
        switch (type, value) {
        case (.object(let name, _), .object(let members)):
            guard let schema = Schemas.builtIn[name] else { return value }
            var out: JSONObject = [:]
            for (key, child) in members {
                guard let field = schema[key] else { continue }
                let value = pruned(child, field)
                if isOmitted(value, field), !schema.requires(key) { continue }
                out[key] = value
            }
            return .object(out)
        case (.map(let element, _), .object(let members)): return .object(members.mapValues { pruned($0, element) })
        case (.list(let element, _), .array(let list)): return .array(list.map { pruned($0, element) })
        case (.quantity, _): return Amounts.quantity(value).map { .string($0.description) } ?? value
        default: return value
        }
    }
}
