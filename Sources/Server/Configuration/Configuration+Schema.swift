package import Core
import Documents

extension Configuration {
    /// The format as a JSON Schema (2020-12), for editors: the answer of `martlet config schema`.
    package static var schema: JSON {
        var schema: JSON = ["$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Martlet configuration"]
        for (key, value) in Shape.martlet.schema.object ?? [:] { schema[key] = value }
        return schema
    }
}
