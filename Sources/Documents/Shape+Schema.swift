package import Core

extension Shape {
    /// As a JSON Schema (2020-12), without its head.
    package var schema: JSON {
        switch self {
        case .text: return ["type": "string", "minLength": 1]
        case .choice(let names): return ["enum": JSON(names)]
        case .integer(let range):
            return ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .boolean: return ["type": "boolean"]
        case .duration: return ["type": "string", "pattern": "^([0-9]+(ms|s|m|h|d))+$"]
        case .instant: return ["type": "string", "format": "date-time"]
        case .number(let range): return ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .form(let form): return form.schema
        case .any: return [:]
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
