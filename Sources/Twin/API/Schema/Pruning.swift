import Core

/// Drops the fields that a schema does not know, and what Go leaves out, as decoding into Go structs does.
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
        default: return value
        }
    }
}

/// `MicroTime` has exactly six decimals, or the API server refuses it.
enum MicroTime {
    static func problem(in object: JSON) -> String? {
        for path in [["spec", "acquireTime"], ["spec", "renewTime"], ["eventTime"]] {
            guard let text = object[path: path[...]]?.string else { continue }
            let layout = "2006-01-02T15:04:05.000000Z07:00"
            guard Timestamp(text) != nil else { return "parsing time \"\(text)\" as \"\(layout)\": cannot parse \"\(text)\" as \"2006\"" }
            let rest = text.dropFirst(19)
            let digits = rest.dropFirst().prefix { $0.isNumber }
            if !rest.hasPrefix(".") || digits.count != 6 {
                return "parsing time \"\(text)\" as \"\(layout)\": cannot parse \"\(rest)\" as \".000000\""
            }
        }
        return nil
    }
}
