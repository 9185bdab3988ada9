import Core

extension OpenAPI {
    /// `/openapi/v2`: what the documents of all group versions say, as Swagger 2.0.
    var second: JSON {
        var paths: JSONObject = [:]
        var definitions: JSONObject = [:]
        for group in resources.groups {
            for version in group.versions {
                let document = document(group: group.name, version: version)
                for (path, item) in document["paths"]?.object ?? [:] {
                    paths[path] = .object((item.object ?? [:]).mapValues(OpenAPI.secondOperation))
                }
                for (name, schema) in document[at: "components", "schemas"]?.object ?? [:] {
                    definitions[name] = OpenAPI.secondSchema(schema)
                }
            }
        }
        return [
            "swagger": "2.0", "info": ["title": "Kubernetes", "version": "v1.36"], "paths": .object(paths),
            "definitions": .object(definitions),
        ]
    }

    private static func secondOperation(_ operation: JSON) -> JSON {
        var out = operation
        out["produces"] = ["application/json", "application/yaml", .string(ProtobufBody.mediaType)]
        out["parameters"] = .array(
            (operation["parameters"]?.array ?? []).map { parameter in
                var parameter = parameter
                for (key, value) in parameter["schema"]?.object ?? [:] { parameter[key] = value }
                parameter["schema"] = nil
                return parameter
            })
        out["responses"] = .object(
            (operation["responses"]?.object ?? [:]).mapValues { response in
                var response = response
                response["schema"] = response[at: "content", "application/json", "schema"].map(secondSchema)
                response["content"] = nil
                return response
            })
        return out
    }

    /// A schema with references as Swagger has them, which also knows no choice of types.
    private static func secondSchema(_ schema: JSON) -> JSON {
        switch schema {
        case .object(let members):
            var out: JSONObject = [:]
            for (key, value) in members where key != "oneOf" { out[key] = secondSchema(value) }
            if members["oneOf"] != nil, out["type"] == nil { out["type"] = "string" }
            return .object(out)
        case .array(let list): return .array(list.map(secondSchema))
        case .string(let text): return .string(text.replacing("#/components/schemas/", with: "#/definitions/", maxReplacements: 1))
        default: return schema
        }
    }
}
