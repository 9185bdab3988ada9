package import Core

extension Configuration {
    /// The format as a JSON Schema (2020-12), for editors: the answer of `martlet config schema`.
    package static var schema: JSON {
        var schema: JSON = ["$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Martlet configuration"]
        for (key, value) in Shape.martlet.schema.object ?? [:] { schema[key] = value }
        return schema
    }
}

extension Shape {
    fileprivate var schema: JSON {
        switch self {
        case .text: return ["type": "string", "minLength": 1]
        case .choice(let names): return ["enum": JSON(names)]
        case .integer(let range):
            return ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .boolean: return ["type": "boolean"]
        case .duration: return ["type": "string", "pattern": "^([0-9]+(ms|s|m|h|d))+$"]
        case .instant: return ["type": "string", "format": "date-time"]
        case .address: return ["type": "string", "pattern": "^(\\[[0-9a-fA-F:.]+\\]|[^:\\s/]*):[0-9]{1,5}$"]
        case .location: return ["type": "string", "pattern": "^(https?://|\\$\\{(env|file):.+\\}$)"]
        case .secret: return ["type": "string", "pattern": "^\\$\\{(env|file):.+\\}$"]
        case .list(let element): return ["type": "array", "items": element.schema]
        case .table(let element): return ["type": "object", "additionalProperties": element.schema]
        case .either(let a, let b): return ["anyOf": .array([a.schema, b.schema])]
        case .record(let fields):
            let present = fields.filter { !$0.isReserved }
            var json: JSON = ["type": "object", "additionalProperties": false]
            json["properties"] = .object(
                JSONObject(
                    present.map { field in
                        var schema = field.shape.schema
                        schema["description"] = .string(field.about)
                        return (field.name, schema)
                    }))
            let required = present.filter(\.isRequired).map(\.name)
            if !required.isEmpty { json["required"] = JSON(required) }
            return json
        }
    }
}
