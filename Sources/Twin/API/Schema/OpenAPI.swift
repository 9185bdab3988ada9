import Core
import Kubernetes

/// OpenAPI v3 of the served group versions, as far as kubectl reads it: schemas with merge keys, and for each write whether it takes
/// `fieldValidation` and `dryRun`.
struct OpenAPI: Sendable {
    let resources: APIResources
    let schemas: Schemas

    /// `/openapi/v2` in protobuf: a document without paths. kubectl asks for it only about kinds that v3 does not have, and must be able to
    /// find nothing there before it says that there is no such kind.
    static var emptyV2: APIAnswer {
        func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(content.count)] + content }
        let info = field(1, Array("Kubernetes".utf8)) + field(2, Array("1.36".utf8))
        return APIAnswer(
            status: 200, contentType: "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
            body: field(1, Array("2.0".utf8)) + field(2, info) + field(8, []))
    }

    /// `/openapi/v3`
    var index: JSON {
        var paths: JSONObject = [:]
        for group in resources.groups {
            for version in group.versions {
                let path = group.name.isEmpty ? "api/\(version)" : "apis/\(group.name)/\(version)"
                let hash = Digest.sha256Hex(document(group: group.name, version: version).serialized()).uppercased()
                paths[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")]
            }
        }
        for path in OpenAPI.otherPaths + resources.groups.filter({ !$0.name.isEmpty }).map({ "apis/\($0.name)" }) {
            let hash = Digest.sha256Hex(Array(path.utf8)).uppercased()
            paths[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")]
        }
        return ["paths": .object(paths)]
    }

    /// What is described without being a group version.
    static let otherPaths = [".well-known/openid-configuration", "api", "apis", "openid/v1/jwks", "version"]

    /// `/openapi/v3/apis/<group>/<version>`
    func document(group: String, version: String) -> JSON {
        var paths: JSONObject = [:]
        var needed: [String] = []
        var custom: JSONObject = [:]
        for resource in resources.resources(group: group, version: version) {
            let pointer: String
            if let definition = resource.custom {
                let parts = group.split(separator: ".").map(String.init).reversed() + [version, resource.type.kind]
                let name = parts.joined(separator: ".")
                custom[name] = customComponent(definition, resource)
                pointer = "#/components/schemas/\(name)"
            } else {
                guard let schema = schemas.schema(kind: resource.type.kind, group: group, version: version) else { continue }
                needed.append(schema.name)
                pointer = reference(schema)
            }
            let base =
                (group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)")
                + (resource.type.isNamespaced ? "/namespaces/{namespace}" : "")
            let gvk: JSON = ["group": .string(group), "version": .string(version), "kind": .string(resource.type.kind)]
            let answer: JSON = [
                "200": ["description": "OK", "content": ["application/json": ["schema": ["$ref": .string(pointer)]]]]
            ]
            func operation(_ action: JSON, _ parameters: [String]) -> JSON {
                [
                    "responses": answer, "x-kubernetes-action": action, "x-kubernetes-group-version-kind": gvk,
                    "parameters": .array(
                        parameters.map { ["name": .string($0), "in": "query", "schema": ["type": "string", "uniqueItems": true]] }),
                ]
            }
            let write = ["dryRun", "fieldManager", "fieldValidation"]
            paths["\(base)/\(resource.type.plural)"] = [
                "get": operation("list", ["labelSelector", "fieldSelector", "limit", "continue", "watch"]),
                "post": operation("post", write),
                "delete": operation("deletecollection", ["dryRun"]),
            ]
            paths["\(base)/\(resource.type.plural)/{name}"] = [
                "get": operation("get", []), "put": operation("put", write), "patch": operation("patch", write + ["force"]),
                "delete": operation("delete", ["dryRun", "gracePeriodSeconds", "propagationPolicy"]),
            ]
        }
        var described = components(needed, group: group, version: version)
        for (name, schema) in custom { described[name] = schema }
        return [
            "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "1.36"], "paths": .object(paths),
            "components": ["schemas": .object(described)],
        ]
    }

    /// The schema of a definition, with what every object has.
    private func customComponent(_ definition: CustomVersion, _ resource: APIResource) -> JSON {
        var item = definition.schema?.json ?? ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        for field in ["apiVersion", "kind"] { item[at: "properties", field] = ["type": "string"] }
        item[at: "properties", "metadata"] = ["type": "object"]
        item["x-kubernetes-group-version-kind"] = [
            [
                "group": .string(resource.type.group), "version": .string(resource.type.version), "kind": .string(resource.type.kind),
            ]
        ]
        return item
    }

    private func fullName(_ schema: ObjectSchema) -> String {
        let last = String(schema.name.split(separator: ".").last ?? "")
        return "\(schema.package).\(["EventsEvent": "Event", "HorizontalPodAutoscalerV1": "HorizontalPodAutoscaler"][last] ?? last)"
    }

    private func reference(_ schema: ObjectSchema) -> String { "#/components/schemas/\(fullName(schema))" }

    private func components(_ roots: [String], group: String, version: String) -> JSONObject {
        var out: JSONObject = [:]
        var queue = roots
        let kinds = Set(roots)
        while let name = queue.popLast() {
            guard let schema = schemas[name], out[fullName(schema)] == nil else { continue }
            var properties: JSONObject = [:]
            for field in schema.fields {
                properties[field.name] = property(field.type, &queue)
            }
            var item: JSON = ["type": "object", "description": .string(name), "properties": .object(properties)]
            let required = schema.fields.filter(\.isRequired).map(\.name)
            if !required.isEmpty { item["required"] = JSON(required) }
            if schema.isAtomic { item["x-kubernetes-map-type"] = "atomic" }
            if kinds.contains(name) {
                let kind = fullName(schema).split(separator: ".").last.map(String.init) ?? name
                item["x-kubernetes-group-version-kind"] = [["group": .string(group), "version": .string(version), "kind": .string(kind)]]
            }
            out[fullName(schema)] = item
        }
        return out
    }

    private func property(_ type: FieldType, _ queue: inout [String]) -> JSON {
        switch type {
        case .string: return ["type": "string", "default": ""]
        case .integer: return ["type": "integer", "format": "int32"]
        case .long: return ["type": "integer", "format": "int64"]
        case .boolean: return ["type": "boolean"]
        case .number: return ["type": "number", "format": "double"]
        case .quantity: return ["oneOf": [["type": "string"], ["type": "number"]]]
        case .integerOrString: return ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]]
        case .time, .microTime: return ["type": "string", "format": "date-time"]
        case .bytes: return ["type": "string", "format": "byte"]
        case .any: return ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        case .map(let element, let atomic):
            var out: JSON = ["type": "object", "additionalProperties": property(element, &queue)]
            if atomic { out["x-kubernetes-map-type"] = "atomic" }
            return out
        case .list(let element, let kind):
            var out: JSON = ["type": "array", "items": property(element, &queue)]
            switch kind {
            case .atomic: out["x-kubernetes-list-type"] = "atomic"
            case .set:
                out["x-kubernetes-list-type"] = "set"
                out["x-kubernetes-patch-strategy"] = "merge"
            case .keyed(let keys, let mergeKey):
                out["x-kubernetes-list-type"] = "map"
                out["x-kubernetes-list-map-keys"] = JSON(keys)
                out["x-kubernetes-patch-merge-key"] = .string(mergeKey)
                var strategy = "merge"
                if case .object(_, true) = element { strategy = "merge,retainKeys" }
                out["x-kubernetes-patch-strategy"] = .string(strategy)
            case .patchKeyed(let mergeKey):
                out["x-kubernetes-patch-merge-key"] = .string(mergeKey)
                out["x-kubernetes-patch-strategy"] = "merge"
            }
            return out
        case .object(let name, let retainKeys):
            guard let schema = schemas[name] else { return ["type": "object"] }
            queue.append(name)
            var out: JSON = ["allOf": [["$ref": .string(reference(schema))]], "default": [:]]
            if retainKeys { out["x-kubernetes-patch-strategy"] = "retainKeys" }
            return out
        }
    }
}
